internal import HostSystem

/// What a proxy asks about: one request to a protected host, as the proxy has seen it.
public struct AccessRequest: Sendable {
    /// The host in lower case, without port and closing dot.
    public let host: String
    /// The method as it came.
    public let method: String
    /// Path and query as they came.
    public let target: String
    /// The address of the person's machine; nil if it is not known.
    public let address: String?

    /// Describes a request; nil if the host is no host name, because no rule is about such a request.
    /// - Parameters:
    ///   - method: The method; any text.
    ///   - host: The host, with or without a port; any text.
    ///   - target: Path and query as they came; any text.
    ///   - address: The address of the person's machine as a literal: the last hop that is not a trusted proxy.
    public init?(method: String, host: String, target: String, address: String?) {
        // Some letters of other alphabets become plain ones in lower case.
        guard host.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let text = host.lowercased()
        let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        var name = text[..<(colon ?? text.endIndex)]
        if let colon {
            let port = text.utf8[colon...].dropFirst()
            guard (1...5).contains(port.count), port.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        }
        if name.utf8.last == UInt8(ascii: ".") { name = name.dropLast() }
        guard isHostName(String(name)) else { return nil }
        self.host = String(name)
        self.method = method
        self.target = target
        self.address = address
    }

    /// Whether the method is one that all programs spell alike; `get` is not (RFC 9110, section 9.1).
    var hasPlainMethod: Bool {
        (1...32).contains(method.utf8.count)
            && method.utf8.allSatisfy { (0x41...0x5a).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
