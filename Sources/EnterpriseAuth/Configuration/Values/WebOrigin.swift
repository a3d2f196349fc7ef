/// A scheme, host and port: what browsers call an origin (RFC 6454).
public struct WebOrigin: Sendable, Hashable {
    /// `http` or `https`.
    public var scheme: String
    /// The host in lower case; an IPv6 address without brackets.
    public var host: String
    /// The port; nil means the scheme's own.
    public var port: UInt16?

    /// Makes an origin.
    /// - Parameters:
    ///   - scheme: `http` or `https`.
    ///   - host: The host in lower case.
    ///   - port: The port; nil means the scheme's own.
    public init(scheme: String, host: String, port: UInt16? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }
}

extension WebOrigin: CustomStringConvertible {
    /// The origin as a URL without a path; the scheme's own port is left out.
    public var description: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")"
    }

    /// Reads a URL that has neither path nor query, apart from a closing slash.
    /// - Parameter text: `https://host`, `http://host:port` and the like.
    public init?(parsing text: String) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        let standardPorts: [String: UInt16] = ["http": 80, "https": 443]
        guard let standard = standardPorts[scheme],
            let (host, port) = splitHostAndPort(String(rest.hasSuffix("/") ? rest.dropLast() : rest))
        else { return nil }
        self.init(scheme: scheme, host: host, port: port == standard ? nil : port)
    }

    /// Whether browsers reach it without leaving their machine.
    public var isLoopback: Bool {
        isLoopbackHost(host)
    }
}
