public import HostSystem
internal import LDAPClient
public import Logging
internal import Synchronization

/// One configured directory: its servers, and the questions a login has to ask of them.
///
/// Every question has one deadline across all servers. A server that does not answer is passed over until a probe in the
/// background has found it back, so one silent server costs its time-out once and not once a login. What counts as an
/// answer is decided by result code, above libldap.
public final class Directory: Sendable {
    /// The configured name; the first part of its people's `UserID`.
    public let name: String

    /// The servers as messages name them, in order of preference.
    public var serverURLs: [String] { servers.map(\.url) }

    let schema: DirectorySchema
    let servers: [DirectoryServer]
    let account: ServiceAccount
    let operationLimit: Duration
    let logger: Logger
    let clock: any WallClock
    /// The group names that servers wrote lately, taken apart: the same few come with every login.
    let groupNames = Mutex<[String: DistinguishedName]>([:])

    /// Prepares a directory without connecting yet.
    /// - Parameters:
    ///   - configuration: `[directories.NAME]`.
    ///   - readSecret: Reads the service account's password; called before the first connection is bound, and again
    ///     after a server refused it.
    ///   - clock: Tells the time of day, for account times.
    ///   - resolver: Who finds the servers' addresses.
    ///   - logger: Takes a line whenever a server goes down, comes back or gives no answer.
    /// - Throws: `StartFailure` if a filter, name or URL cannot be used, or passwords would cross a network in clear.
    public init(
        _ configuration: DirectoryConfiguration,
        readSecret: @escaping SecretReader,
        clock: any WallClock,
        resolver: HostResolver = .shared,
        logger: Logger = Logger(label: "ent-login.directory")
    ) throws(StartFailure) {
        name = configuration.name
        schema = try DirectorySchema(configuration)
        account = ServiceAccount(configuration.bind, readSecret: readSecret)
        operationLimit = max(configuration.timeouts.operation, configuration.timeouts.connect)
        self.logger = logger
        self.clock = clock
        let part = "directories.\(configuration.name)"
        var servers: [DirectoryServer] = []
        for url in configuration.urls {
            let server = DirectoryServer(
                url: url,
                configuration: configuration,
                account: account,
                resolver: resolver,
                logger: logger
            )
            guard !server.connection.isClearText || configuration.allowCleartext else {
                throw StartFailure(
                    part: part,
                    problem: "passwords would cross the network to \(url) in clear text",
                    fix: "use ldaps://, or start_tls = true, or say allow_cleartext = true"
                )
            }
            servers.append(server)
        }
        guard !servers.isEmpty else {
            throw StartFailure(part: part, problem: "there is no server", fix: "put one into urls")
        }
        self.servers = servers
    }

    /// Reads the service account's password again, as happens by itself when a server refuses it.
    ///
    /// A new one takes the place of the one before once a server has taken it, or if none says no. Connections that are
    /// bound stay bound.
    /// - Parameter deadline: When to give up asking servers about a new one.
    /// - Returns: That a server refuses the new one; the directory goes on with the one before.
    /// - Throws: What reading the secret threw.
    public nonisolated(nonsending) func reload(deadline: ContinuousClock.Instant) async throws -> Outage? {
        guard let candidate = try await account.candidate() else { return nil }
        for server in servers {
            do throws(LDAPError) {
                try await server.tryOut(candidate, deadline: deadline)
                break
            } catch {
                let outage = Outage(error, source: name)
                if error.reason == .serviceBindRefused, outage.kind == .misconfigured { return outage }
            }
        }
        try await account.reread()
        return nil
    }

    /// Ends all connections and probes; later questions are unavailable.
    public nonisolated(nonsending) func shutdown() async {
        for server in servers {
            await server.close()
        }
    }
}
