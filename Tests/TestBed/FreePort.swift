internal import CTestBed
internal import Foundation

/// Ports nobody listens on.
public enum FreePort {
    /// Finds a TCP port on 127.0.0.1 that was free a moment ago; a connection to it is refused.
    ///
    /// - Returns: The port.
    /// - Throws: ``TestBedError`` when there is none.
    public static func find() throws -> Int {
        let listener = ctb_listen(0)
        guard listener >= 0 else { throw TestBedError("no port can be had on 127.0.0.1") }
        defer { close(listener) }
        return Int(ctb_port(listener))
    }
}
