public import EnterpriseAuth
public import Hummingbird
public import NIOCore

/// A request's context whose user is there, so that handlers need not ask.
///
/// ```swift
/// router.group("settings").add(middleware: LoginRequired())
///     .group(context: LoggedInRequestContext<BasicLoginRequestContext>.self)
///     .get { _, context in "Hello \(context.user)" }
/// ```
public struct LoggedInRequestContext<ParentContext: LoginRequestContext>: ChildRequestContext, LoginRequestContext {
    /// What Hummingbird keeps.
    public var coreContext: CoreRequestContextStorage

    /// What `login` gives.
    public var loginContext: LoginContext?

    /// The address of the connection's other end.
    public let remoteAddress: SocketAddress?

    /// Who asks: authenticated, as the guard in front has found.
    public let user: any User

    /// Makes the context of a request that has passed a guard.
    /// - Parameter context: The context that the guard has seen.
    /// - Throws: `HTTPError` 401 if no guard stands in front, or if it let nobody's request pass (an exempt method).
    public init(context: ParentContext) throws {
        guard let user = context.login.loadedUser, user.isAuthenticated else {
            throw HTTPError(.unauthorized)
        }
        coreContext = context.coreContext
        loginContext = context.loginContext
        remoteAddress = context.remoteAddress
        self.user = user
    }
}
