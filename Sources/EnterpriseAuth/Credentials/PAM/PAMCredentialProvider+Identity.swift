internal import PAMClient

extension PAMCredentialProvider {
    /// Whether a refused name is nobody's in the directory; many stacks answer alike for wrong and unknown.
    ///
    /// The stack has said no: if the directory does not answer, that no stands, as one to a known name.
    func isUnknown(_ finding: PAMFinding, _ deadline: ContinuousClock.Instant) async -> Bool {
        guard let people else { return false }
        do throws(Outage) {
            let found = try await people.identity(
                forLoginName: finding.typedName,
                provider: name,
                deadline: deadline
            )
            return found == nil
        } catch {
            return false
        }
    }

    /// Finds out who the stack has said yes to, and lets `accept` make an outcome of that.
    func identify(
        _ finding: PAMFinding,
        _ deadline: ContinuousClock.Instant,
        _ accept: (Identity) -> CredentialOutcome
    ) async throws(Outage) -> CredentialOutcome {
        guard let user = finding.result.user, PAMRequest.isValidUser(user) else {
            throw outage(.misconfigured, nil, "the stack said yes to a name that no account can have")
        }
        guard let people else { return try identifyLocally(finding, accept) }
        guard let identity = try await people.identity(forLoginName: user, provider: name, deadline: deadline) else {
            return refused(.notPermitted, "directory \(people.name) has no entry for the name the stack said yes to")
        }
        switch await people.standing(of: identity, deadline: deadline) {
        case .good(let now): return accept(now)
        case .temporarilyLocked: return refused(.locked, "directory \(people.name) has the account locked")
        case .ended(let refusal): return .refused(refusal)
        case .unavailable(let outage): throw outage
        }
    }

    private func identifyLocally(
        _ finding: PAMFinding,
        _ accept: (Identity) -> CredentialOutcome
    ) throws(Outage) -> CredentialOutcome {
        switch finding.final {
        case .known(let spelled, let uid):
            let id = UserID(source: name, value: spelled)
            return accept(
                Identity(userID: id, loginName: spelled, provider: name, source: .local(provider: name, uid: uid))
            )
        case .unknown, .notAsked:
            return refused(.notPermitted, "the stack said yes to a name that the user database does not have")
        case .unavailable(let code):
            throw outage(.unreachable, nil, "the user database gave no answer (errno \(code))")
        }
    }
}
