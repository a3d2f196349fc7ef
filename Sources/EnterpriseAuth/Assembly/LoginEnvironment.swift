internal import HostSystem
public import Logging

/// What a login needs of its surroundings; every part has a default, and tests put others in their place.
public struct LoginEnvironment: Sendable {
    /// Reads the secrets that the configuration names.
    public var readSecret: SecretReader

    /// Tells the time of day.
    public var clock: any WallClock

    /// The groups of local people.
    public var localGroups: any LocalGroups

    /// Where libpam runs for a provider.
    public var pamExecution: @Sendable (PAMProviderConfiguration) -> PAMExecution

    /// Takes a line for everything an operator should know.
    public var logger: Logger

    /// Puts the defaults together: the host's files, its clock, and this very program as PAM worker.
    /// - Parameter logger: Takes a line for everything an operator should know.
    public init(logger: Logger = Logger(label: "ent-login")) {
        readSecret = HostSecrets.read
        clock = SystemWallClock()
        localGroups = HostGroups()
        pamExecution = { PAMExecution($0.isolation) }
        self.logger = logger
    }
}

/// Reads secrets off the cooperative pool, because a file system may take its time.
private enum HostSecrets {
    private static let executor = BlockingExecutor(name: "secrets", width: 1, queueLimit: 64)

    @Sendable
    static func read(_ source: SecretSource) async throws -> SecretBytes {
        let result = try await executor.run(deadline: .now + .seconds(5)) { () throws(HostError) in
            do throws(SecretError) {
                return Result<SecretBytes, SecretError>.success(try source.read())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
