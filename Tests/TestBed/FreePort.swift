internal import CTestBed
internal import Foundation
internal import Synchronization

/// Ports nobody listens on.
public enum FreePort {
    /// What was given out already: two tests that start servers at the same time must not get the same.
    private static let given = Mutex<Set<Int>>([])
    /// Below the ports that the system gives to outgoing connections (ip(7), `ip_local_port_range`): a server that starts
    /// a moment later finds its port still free.
    private static let range = 10_240..<32_768

    /// Finds a TCP port on 127.0.0.1 that was free a moment ago; a connection to it is refused.
    ///
    /// - Returns: The port; no two calls of a process get the same.
    /// - Throws: ``TestBedError`` when there is none.
    public static func find() throws -> Int {
        for _ in 0..<1_000 {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            let listener = ctb_listen(Int32(port))
            guard listener >= 0 else { continue }
            close(listener)
            return port
        }
        throw TestBedError("no port can be had on 127.0.0.1")
    }
}
