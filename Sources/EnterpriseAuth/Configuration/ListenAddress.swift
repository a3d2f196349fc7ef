/// An address and port to listen on.
public struct ListenAddress: Sendable, Hashable {
    /// A numeric address or a name, without brackets.
    public var host: String
    /// The port.
    public var port: UInt16

    /// Makes an address.
    /// - Parameters:
    ///   - host: A numeric address or a name, without brackets.
    ///   - port: The port.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
