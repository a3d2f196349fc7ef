public import Hummingbird

/// A request's context that knows who asks.
///
/// `BasicLoginRequestContext` is ready made. A context of your own keeps `loginContext` in a stored property that begins
/// as nil; `LoginMiddleware` fills it in.
public protocol LoginRequestContext: RemoteAddressRequestContext {
    /// Where `LoginMiddleware` puts what `login` gives.
    var loginContext: LoginContext? { get set }
}

extension LoginRequestContext {
    /// Who asks, and the ways to change that.
    ///
    /// On a route that is not behind `LoginMiddleware` everything it does throws `LoginSetupError`.
    public var login: LoginContext { loginContext ?? .missing }
}
