internal import Synchronization

extension SessionKeeper {
    /// Everybody who has live sessions in memory.
    var people: [LivePerson] { registry.withLock { $0.people.values.map(\.person) } }

    func hasSessions(_ person: LivePerson) -> Bool {
        registry.withLock { $0[person.userID]?.person === person }
    }

    /// Draws the consequences of what the sources say of a person.
    ///
    /// What they say cannot be newer than when they were asked.
    func settle(_ person: LivePerson, _ answer: PersonSources.Answer, asked: Timestamp) -> CheckOutcome {
        switch answer {
        case .active(let user):
            _ = settle(person, user, asked: asked)
            return .stands
        case .inactive(let user, let reason):
            return settle(person, user, asked: asked, reason) ? .ended(.inactive) : .stands
        case .gone(let refusal):
            guard let ended = endGone(person, asked: asked.milliseconds) else { return .stands }
            report(ended, by: nil, detail: refusal.detail)
            return .ended(.gone)
        case .unavailable(let outage):
            person.fail(outage, at: now.milliseconds)
            noteSilence(of: person.view.facts.identity, outage)
            return .unavailable(outage)
        }
    }

    /// Takes over what the sources show, and ends what follows from it, in one step for memory and for the store: facts
    /// without the ends that follow from them would let sessions in again after a crash.
    /// - Returns: False if a newer answer came meanwhile; then nothing has changed.
    private func settle(
        _ person: LivePerson,
        _ user: DirectoryUser,
        asked: Timestamp,
        _ reason: String = ""
    ) -> Bool {
        let user = strings.sharing(user)
        let result: (wasSuspended: Bool, ended: [Ended])? = registry.withLock { registry in
            guard !person.knowsBetter(than: asked.milliseconds, now: now.milliseconds) else { return nil }
            let settled = person.settle(user, verdictAt: asked.milliseconds)
            var ended: [Ended] = []
            if !user.isActive {
                let sessions = (registry[person.userID]?.sessions ?? []).filter { !$0.isForced }
                ended += end(sessions, series: registry.series(of: person.userID), .inactive, &registry)
            }
            ended += endOutdated(person.userID, user.identity.passwordVersion, &registry)
            var changes = ended.changes
            if let changed = settled.changed { changes.append(personChange(person, changed, &registry)) }
            if !changes.isEmpty { journal?.append(changes) }
            // One session carries the time of this answer to the store with the next batch of touches.
            if let session = registry[person.userID]?.sessions.first, session.claimTouch() { table.touch(session) }
            return (settled.wasSuspended, ended)
        }
        defer { noteAnswer(of: user.identity) }
        guard let result else { return false }
        report(result.ended.filter { $0.reason == .inactive }, by: nil, detail: reason)
        report(result.ended.filter { $0.reason != .inactive }, by: nil)
        if result.wasSuspended { report(person, .success, detail: "the sources answer again") }
        return true
    }

    /// Ends the sessions of somebody whom the sources no longer have.
    /// - Returns: Nil if a newer answer came meanwhile; then none has ended.
    private func endGone(_ person: LivePerson, asked: Int64) -> [Ended]? {
        registry.withLock { registry in
            guard !person.knowsBetter(than: asked, now: now.milliseconds) else { return nil }
            let series = registry.series(of: person.userID)
            let ended = end(registry[person.userID]?.sessions ?? [], series: series, .gone, &registry)
            if !ended.isEmpty { journal?.append(ended.changes) }
            return ended
        }
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
