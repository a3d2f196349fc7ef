/// How much of a server one user of the host may take up, root and the service's own user excepted.
public struct LocalSocketLimits: Sendable, Hashable {
    /// How many connections all users together may have; as many again are kept for root and the service's user.
    public var connections = 256
    /// How many connections one user may have.
    public var connectionsPerUser = 16
    /// How many logins of one user may be under way.
    public var loginsAtOncePerUser = 4
    /// How many logins a user may begin one after the other, before they come at their pace.
    public var loginBurst = 10
    /// How often a user may begin a login in the long run.
    public var loginInterval: Duration = .seconds(6)
    /// How many requests a user may make one after the other, before they are slowed down.
    public var requestBurst = 50
    /// How often a user may make a request in the long run.
    public var requestInterval: Duration = .milliseconds(50)
    /// How long a connection may be silent between two requests.
    public var idle: Duration = .seconds(30)
    /// How long a person may think about a question.
    public var thinking: Duration = .seconds(600)
    /// How long an answer may take to be read.
    public var reading: Duration = .seconds(10)
    /// How long a request may take that asks no provider.
    public var answering: Duration = .seconds(30)
    /// How long reading the configuration again may take.
    public var reloading: Duration = .seconds(60)

    /// Makes the limits of a portal.
    public init() {}
}
