/// Asks providers and the judge about a person without the password.
struct PersonSources: Sendable {
    /// What they say.
    enum Answer: Sendable {
        /// The account stands and the rules hold.
        case active(DirectoryUser)
        /// The account stands and the rules do not hold.
        case inactive(DirectoryUser, reason: String)
        /// The account is gone, disabled or expired.
        case gone(Refusal)
        /// Nobody could say.
        case unavailable(Outage)
    }

    let chain: ProviderChain
    let judge: any ActivityJudge

    func ask(about identity: Identity, until deadline: ContinuousClock.Instant) async -> Answer {
        switch await chain.recheck(identity, deadline: deadline) {
        case .good(let now), .temporarilyLocked(let now):
            guard now.userID == identity.userID else {
                let detail = "\(identity.loginName) is now somebody else: \(now.userID)"
                return .gone(Refusal(.notPermitted, provider: identity.provider, detail: detail))
            }
            return await verdict(on: now, until: deadline)
        case .ended(let refusal): return .gone(refusal)
        case .unavailable(let outage): return .unavailable(outage)
        }
    }

    /// Applies the group rules.
    func verdict(on identity: Identity, until deadline: ContinuousClock.Instant) async -> Answer {
        let judge = judge
        let verdict = await HardDeadline.run(until: deadline) { await judge.judge(identity, deadline: deadline) }
        switch verdict {
        case .active(let groups):
            return .active(DirectoryUser(identity: identity, groups: groups, isActive: true))
        case .inactive(let reason, let groups):
            return .inactive(DirectoryUser(identity: identity, groups: groups, isActive: false), reason: reason)
        case .unavailable(let outage):
            return .unavailable(outage)
        case nil:
            let detail = "the group rules were not decided in time"
            return .unavailable(Outage(.timeout, source: identity.provider, step: "groups", detail: detail))
        }
    }
}
