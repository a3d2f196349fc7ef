internal import CTestBed
internal import Foundation

/// Waiting for servers that have just been started.
public enum Listening {
    /// Waits until somebody listens on a port of 127.0.0.1.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - program: Who is expected there; a program that has ended is not waited for.
    ///   - limit: After this long it gives up.
    /// - Throws: ``TestBedError`` with what the program has printed, when nobody listens in time.
    public static func wait(for port: Int, by program: RunningProgram, limit: Duration = .seconds(30)) async throws {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end, !program.hasEnded {
            let connection = ctb_connect(Int32(port), 50)
            if connection >= 0 {
                close(connection)
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestBedError("nobody listens on port \(port): \(program.output) \(program.errors)")
    }
}
