import TestBed
import TestWeb
import Testing

extension ProxyWorld {
    /// Starts everything but the directory; ends the test as skipped where the proxy is not installed.
    /// - Parameters:
    ///   - kind: Which proxy.
    ///   - directory: The directory; the shared one by default.
    /// - Returns: The running parts; they end with the last reference.
    /// - Throws: `TestBedError` if something does not start.
    static func start(_ kind: ProxyServer.Kind, directory: SlapdServer? = nil) async throws -> ProxyWorld {
        if let obstacle = kind.obstacle { try Test.cancel("\(kind): \(obstacle)") }
        return try await ProxyWorld(kind, directory: directory)
    }
}
