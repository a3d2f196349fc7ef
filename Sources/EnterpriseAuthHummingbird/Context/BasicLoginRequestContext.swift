public import Hummingbird
public import NIOCore

/// The request's context of an application that needs no other properties.
public struct BasicLoginRequestContext: LoginRequestContext {
    /// What Hummingbird keeps.
    public var coreContext: CoreRequestContextStorage

    /// Where `LoginMiddleware` puts what `login` gives.
    public var loginContext: LoginContext?

    /// The address of the connection's other end.
    public let remoteAddress: SocketAddress?

    /// Makes the context of a new request.
    /// - Parameter source: The connection.
    public init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
