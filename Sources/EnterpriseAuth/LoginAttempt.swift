/// One attempt to prove who somebody is, from its start to its answer.
struct LoginAttempt: Sendable {
    let kind: LoginEvent.Kind
    /// What was typed, or the login name of the session that is being renewed.
    var name: String?
    let client: SessionClient
    /// When it began; refusals are answered at a fixed time after this.
    let start = ContinuousClock.now
    /// Who it is, once that is known.
    var userID: UserID?
    /// How many attempts for the account have failed of late, as far as the throttle knows.
    var failuresBefore = 0
    /// Its session, if it is about one.
    var sessionID: SessionID?
}
