/// A running `config/testbed/bin/echo-application`: it answers with what it has seen.
public final class EchoApplication: Sendable {
    /// Where it listens on 127.0.0.1.
    public let port: Int
    private let program: RunningProgram

    /// Starts it, and waits until it listens.
    ///
    /// - Returns: The running application; it ends with the last reference.
    /// - Throws: ``TestBedError`` when it does not start.
    public static func start() async throws -> EchoApplication {
        let port = try FreePort.find()
        let program = try RunningProgram(Repository.script("echo-application"), [String(port)])
        try await Listening.wait(for: port, by: program)
        return EchoApplication(port, program)
    }

    private init(_ port: Int, _ program: RunningProgram) {
        (self.port, self.program) = (port, program)
    }
}
