internal import Synchronization

extension SessionKeeper {
    func hasSessions(_ person: LivePerson) -> Bool {
        registry.withLock { $0[person.userID]?.person === person }
    }

    /// Draws the consequences of what the sources say of a person.
    ///
    /// What they say cannot be newer than when they were asked.
    func settle(_ person: LivePerson, _ answer: PersonSources.Answer, asked: Timestamp) -> CheckOutcome {
        switch answer {
        case .active(let user):
            settle(person, user, asked: asked)
            return .stands
        case .inactive(let user, let reason):
            settle(person, user, asked: asked)
            let ended = endSessions(of: person.userID, .inactive) { !$0.isForced }.ended
            report(ended, by: nil, detail: reason)
            return .ended(.inactive)
        case .gone(let refusal):
            report(endSessions(of: person.userID, .gone).ended, by: nil, detail: refusal.detail)
            return .ended(.gone)
        case .unavailable(let outage):
            person.fail(outage, at: now.milliseconds)
            noteSilence(of: person.view.facts.identity, outage)
            return .unavailable(outage)
        }
    }

    private func settle(_ person: LivePerson, _ user: DirectoryUser, asked: Timestamp) {
        let (wasSuspended, outdated) = registry.withLock { registry in
            let (changed, wasSuspended) = person.settle(strings.sharing(user), verdictAt: asked.milliseconds)
            if let changed { journal?.append([personChange(person, changed)]) }
            // One session carries the time of this answer to the store with the next batch of touches.
            if let session = registry[person.userID]?.sessions.first, session.claimTouch() { table.touch(session) }
            return (
                wasSuspended, registry.outdated(of: person.userID, passwordVersion: user.identity.passwordVersion)
            )
        }
        report(end(outdated, .passwordChanged).ended, by: nil)
        if wasSuspended { report(person, .success, detail: "the sources answer again") }
        noteAnswer(of: user.identity)
    }

    /// Says once that a person's sessions are suspended.
    func noteSuspension(of person: LivePerson, _ outage: Outage) {
        guard person.suspend() else { return }
        report(person, .unavailable, reason: outage.kind.rawValue, detail: "suspended: \(outage)")
    }

    private func report(
        _ person: LivePerson,
        _ outcome: LoginEvent.Outcome,
        reason: String = "",
        detail: String
    ) {
        var event = LoginEvent(.recheck, outcome, at: now, reason: reason, detail: detail)
        event.userID = person.userID
        event.name = person.view.facts.identity.loginName
        event.provider = person.view.facts.identity.provider
        trail.record(event)
    }

    /// Says once that a source does not answer about live sessions.
    private func noteSilence(of identity: Identity, _ outage: Outage) {
        let key = identity.source.key
        guard silentSources.withLock({ $0.insert(key).inserted }) else { return }
        trail.record(LoginEvent(.recheck, .unavailable, at: now, reason: outage.kind.rawValue, detail: "\(outage)"))
    }

    private func noteAnswer(of identity: Identity) {
        let key = identity.source.key
        guard silentSources.withLock({ $0.remove(key) != nil }) else { return }
        trail.record(LoginEvent(.recheck, .success, at: now, detail: "\(key) answers again"))
    }
}
