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
