/// Asks about a person without the password: providers and the judge, and for an application's people its user loader.
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

    /// What a password check came to, with what the rules say of the person whose password was right.
    struct Finding: Sendable {
        /// When the sources were asked.
        let askedAt: Timestamp
        let outcome: CredentialOutcome
        /// Nil if nobody's password was right.
        let answer: Answer?
        /// Whether the password, or an answer, has been shown to any source.
        var wasHandedOut = false
        /// Whether a provider that might have said something else did not answer.
        var isIncomplete = false
    }

    let chain: ProviderChain
    let judge: any ActivityJudge
    var userLoader: UserLoader?

    /// What stands for the provider where an application has checked somebody by itself.
    static let applicationName = "application"

    /// Whether there is anybody who could say something about a person.
    func canAsk(about identity: Identity) -> Bool {
        guard case .application = identity.source else { return true }
        return userLoader != nil || hasProvider(identity)
    }

    /// Whether one of the providers has checked this person of an application's.
    private func hasProvider(_ identity: Identity) -> Bool {
        identity.provider != Self.applicationName && chain.provider(named: identity.provider) != nil
    }

    /// Asks whether a person is still there and active.
    ///
    /// About an application's own people the application decides: the provider that has let them in, if one has, and the
    /// user loader, for whom nil means gone.
    nonisolated(nonsending) func ask(about user: DirectoryUser, until deadline: ContinuousClock.Instant) async -> Answer
    {
        let identity = user.identity
        guard case .application = identity.source else { return await askProvider(about: identity, until: deadline) }
        let answer = hasProvider(identity) ? await askProvider(about: identity, until: deadline) : .active(user)
        guard case .active(let now) = answer, let userLoader else { return answer }
        switch await Self.load(identity.userID, with: userLoader, until: deadline) {
        case .user(let loaded) where loaded.isActive:
            return .active(DirectoryUser(identity: now.identity, groups: now.groups, isActive: true))
        case .user:
            let inactive = DirectoryUser(identity: now.identity, groups: now.groups, isActive: false)
            return .inactive(inactive, reason: "the user loader says that the person is not active")
        case .gone:
            let detail = "the user loader knows nobody of this id"
            return .gone(Refusal(.unknownUser, provider: identity.provider, detail: detail))
        case .unavailable(let outage): return .unavailable(outage)
        }
    }

    /// Asks an application's user loader, and not for longer than until the deadline.
    static nonisolated(nonsending) func load(
        _ id: UserID,
        with userLoader: @escaping UserLoader,
        until deadline: ContinuousClock.Instant
    ) async -> UserLoad {
        let load = await HardDeadline.run(until: deadline) { () async -> UserLoad in
            do {
                guard let user = try await userLoader(id) else { return .gone }
                return .user(user)
            } catch {
                return .unavailable(outage(.internal, "the user loader failed: \(error)"))
            }
        }
        return load ?? .unavailable(outage(.timeout, "the user loader did not answer in time"))
    }

    private static func outage(_ kind: Outage.Kind, _ detail: String) -> Outage {
        Outage(kind, source: "user loader", step: "load", detail: detail)
    }

    private nonisolated(nonsending) func askProvider(about identity: Identity, until deadline: ContinuousClock.Instant)
        async -> Answer
    {
        await chain.guarded(CheckProgress(until: deadline)) { progress in
            switch await chain.recheck(identity, progress) {
            case .good(let now), .temporarilyLocked(let now):
                guard now.userID == identity.userID else {
                    let detail = "\(identity.loginName) is now somebody else: \(now.userID)"
                    return .gone(Refusal(.notPermitted, provider: identity.provider, detail: detail))
                }
                return await verdict(on: now, progress)
            case .ended(let refusal): return .gone(refusal)
            case .unavailable(let outage): return .unavailable(outage)
            }
        } orElse: {
            .unavailable($0)
        }
    }

    /// Checks a password, or goes on where a challenge stopped, and applies the group rules if it is right.
    ///
    /// Both in one go on the providers' own executor, so that a login is handed over once.
    /// - Parameters:
    ///   - now: The time of day.
    ///   - progress: How far it comes, and until when.
    ///   - check: What asks the chain.
    /// - Returns: What the chain says, and the rules if a password was right.
    nonisolated(nonsending) func find(
        at now: Timestamp,
        _ progress: CheckProgress,
        _ check: @escaping @Sendable (ProviderChain, CheckProgress) async -> CredentialOutcome
    ) async -> Finding {
        var finding = await chain.guarded(progress) { progress in
            let outcome = await check(chain, progress)
            switch outcome {
            case .verified(let identity, _), .passwordChangeRequired(let identity, _):
                return Finding(askedAt: now, outcome: outcome, answer: await verdict(on: identity, progress))
            case .challenge, .refused, .unavailable:
                return Finding(askedAt: now, outcome: outcome, answer: nil)
            }
        } orElse: { outage in
            // Whose password was right, the audit log should know, although nobody gets in.
            guard let person = progress.person else {
                return Finding(askedAt: now, outcome: .unavailable(outage), answer: nil)
            }
            return Finding(askedAt: now, outcome: .verified(person, notices: []), answer: .unavailable(outage))
        }
        (finding.wasHandedOut, finding.isIncomplete) = (progress.wasHandedOut, progress.isIncomplete)
        return finding
    }

    /// Applies the group rules.
    private nonisolated(nonsending) func verdict(on identity: Identity, _ progress: CheckProgress) async -> Answer {
        progress.askRules(about: identity)
        let verdict = await chain.run(on: judge.executor) { await judge.judge(identity, deadline: progress.deadline) }
        switch verdict {
        case .active(let groups):
            return .active(DirectoryUser(identity: identity, groups: groups, isActive: true))
        case .inactive(let reason, let groups):
            return .inactive(DirectoryUser(identity: identity, groups: groups, isActive: false), reason: reason)
        case .unavailable(let outage):
            return .unavailable(outage)
        }
    }
}
