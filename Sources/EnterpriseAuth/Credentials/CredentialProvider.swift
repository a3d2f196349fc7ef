/// One way of checking a password: an LDAP directory, a PAM stack, or an application's own.
///
/// An implementation never throws: all that can happen is a `CredentialOutcome`, and what it did not foresee is
/// `.unavailable`. It keeps the deadline: an answer later than that is worthless to the caller.
public protocol CredentialProvider: Sendable {
    /// The configured name, as it stands in `[login] providers`.
    var name: String { get }

    /// The configured name of the directory whose people it authenticates; nil if its people are in none.
    var directoryName: String? { get }

    /// Where its work is best done; nil for the ordinary executor.
    ///
    /// A password check that asks a directory several times one after the other goes on where the answers are read.
    var executor: (any TaskExecutor)? { get }

    /// Whether it can work at all, asked once before the first login.
    /// - Parameter deadline: When to give up.
    /// - Throws: `StartFailure` if its answers could not be trusted or it can never answer.
    func start(deadline: ContinuousClock.Instant) async throws(StartFailure)

    /// Checks a user name and a password.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - deadline: When to give up, with `.unavailable`.
    /// - Returns: What the source says.
    func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome

    /// Checks a user name and a password as part of a login, and says at the gate when the password leaves.
    ///
    /// A provider that finds the person before it shows the password passes the gate with that person's login name.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - gate: To be passed once, just before the password is shown to the source.
    ///   - deadline: When to give up, with `.unavailable`.
    /// - Returns: What the source says, or what the gate says.
    func verify(
        _ credentials: Credentials,
        through gate: PasswordGate,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome

    /// Continues where a challenge stopped.
    /// - Parameters:
    ///   - response: The answers to the challenge's prompts.
    ///   - deadline: When to give up, with `.unavailable`.
    /// - Returns: What the source says now; a further challenge is possible.
    func answer(_ response: ChallengeResponse, deadline: ContinuousClock.Instant) async -> CredentialOutcome

    /// Looks at an account again without its password, for a live session.
    /// - Parameters:
    ///   - identity: An identity that this provider made.
    ///   - deadline: When to give up, with `.unavailable`.
    /// - Returns: Whether the account still stands; group rules are not this method's business.
    func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding

    /// Ends what it holds: connections, processes, parked conversations.
    func shutdown() async
}

extension CredentialProvider {
    /// Says that the provider's people are in no directory.
    public var directoryName: String? { nil }

    /// Passes the gate at once, because nothing is known of what `verify(_:deadline:)` does with the password.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - gate: What is passed.
    ///   - deadline: When to give up.
    /// - Returns: What `verify(_:deadline:)` returns.
    public func verify(
        _ credentials: Credentials,
        through gate: PasswordGate,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        gate.pass()
        return await verify(credentials, deadline: deadline)
    }

    /// Says that the ordinary executor is right.
    public var executor: (any TaskExecutor)? { nil }

    /// Refuses: most providers ask one password and nothing more.
    /// - Parameters:
    ///   - response: The answers.
    ///   - deadline: Unused.
    /// - Returns: A refusal as `notPermitted`, because this provider has no challenge open.
    public func answer(_ response: ChallengeResponse, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        .refused(Refusal(.notPermitted, provider: name, detail: "no challenge \(response.challengeID) is open here"))
    }

    /// Has nothing to prepare.
    /// - Parameter deadline: Unused.
    /// - Throws: Nothing here; an implementation throws `StartFailure`.
    public func start(deadline: ContinuousClock.Instant) async throws(StartFailure) {}

    /// Has nothing to end.
    public func shutdown() async {}
}
