extension LoginManager {
    /// Checks a password, and whether the person is active, without a session: for clients that show it with every
    /// request.
    ///
    /// Everything else is as in a login, the throttle included. Whoever has to answer a challenge or to change the password is refused: there is
    /// nobody to ask.
    /// - Parameters:
    ///   - credentials: What the request showed.
    ///   - client: Where the request comes from.
    /// - Returns: How it ended.
    public func verify(_ credentials: Credentials, client: SessionClient) async -> VerificationResult {
        var attempt = LoginAttempt(kind: .verification, name: credentials.username, client: client)
        let finding = await verify(credentials, &attempt, device: nil)
        switch await decide(attempt, finding) {
        case .proven(let draft, _):
            report(attempt, .success, identity: draft.user.identity)
            return .verified(draft.user)
        case .challenge(let challenge):
            let detail = "the stack asks more than a password"
            return .refused(await refuse(attempt, Refusal(.notPermitted, provider: challenge.provider, detail: detail)))
        case .passwordChangeRequired(let identity, let reason):
            let detail = "the password must be changed first (\(reason.rawValue))"
            return .refused(await refuse(attempt, Refusal(.notPermitted, provider: identity.provider, detail: detail)))
        case .refused(let refusal): return .refused(refusal)
        case .unavailable(let outage): return .unavailable(outage)
        }
    }

    /// Records what a door has turned away by itself.
    package func report(_ kind: LoginEvent.Kind, reason: String = "", detail: String, client: SessionClient) {
        var event = LoginEvent(kind, .refused, at: keeper.now, reason: reason, detail: detail)
        event.client = client
        trail.record(event)
    }
}
