internal import EnterpriseAuth
internal import HostSystem

/// Asks a provider what a scenario asks, and says in one word what came of it.
struct ScenarioRunner: Sendable {
    typealias Outcome = ProviderConformanceSuite.Outcome
    typealias Observation = ProviderConformanceSuite.Result.Observation
    typealias Person = ProviderConformanceSuite.Person

    let provider: any CredentialProvider
    let judge: (any ActivityJudge)?
    let limit: Duration

    func observe(_ question: ProviderConformanceSuite.Scenario.Question) async -> [Observation] {
        switch question {
        case .login(let username, let password):
            return [await login(username, password)]
        case .wrongThenRight(let person):
            var observations: [Observation] = []
            for suffix in ["", "x", "", "x", ""] {
                observations.append(await login(person, suffix: suffix))
            }
            let outcomes = observations.map(\.outcome)
            let expected: [Outcome] = [.active, .wrongPassword, .active, .wrongPassword, .active]
            return outcomes == expected ? observations : observations.filter { $0.outcome != .active } + [mixedUp]
        case .crowd(let person, let others):
            return await crowd(person, others)
        case .pastDeadline(let person):
            return [await login(Array(person.username.utf8), Array(person.password.utf8), limit: .seconds(-1))]
        case .cancelled(let person):
            let task = Task {
                // Cancelled already when the provider is asked.
                while !Task.isCancelled { await Task.yield() }
                return await login(person)
            }
            task.cancel()
            return [await task.value]
        case .strayAnswer:
            let response = ChallengeResponse(challengeID: "stray", provider: provider.name, answers: [])
            return [await observation(provider.answer(response, deadline: .now + limit))]
        case .recheck(let person):
            return await recheck(person)
        }
    }

    private var mixedUp: Observation {
        Observation(outcome: .unavailable, detail: "the answers came in another order", loginName: nil, userID: nil)
    }

    private func login(_ person: Person, suffix: String = "") async -> Observation {
        await login(Array(person.username.utf8), Array((person.password + suffix).utf8))
    }

    private func login(
        _ username: [UInt8],
        _ password: [UInt8],
        limit: Duration? = nil
    ) async -> Observation {
        let credentials: Credentials
        do throws(CredentialsProblem) {
            credentials = try Credentials(usernameBytes: username, password: SecretBytes(password))
        } catch {
            return Observation(outcome: .malformed, detail: error.rawValue, loginName: nil, userID: nil)
        }
        return await observation(provider.verify(credentials, deadline: .now + (limit ?? self.limit)))
    }

    private func observation(_ outcome: CredentialOutcome) async -> Observation {
        switch outcome {
        case .verified(let identity, _):
            await judged(identity, as: .active)
        case .passwordChangeRequired(let identity, let reason):
            await judged(identity, as: .change, detail: reason.rawValue)
        case .challenge(let challenge):
            Observation(outcome: .challenge, detail: challenge.id, loginName: nil, userID: nil)
        case .refused(let refusal):
            Observation(outcome: Outcome(refusal.reason), detail: refusal.detail, loginName: nil, userID: nil)
        case .unavailable(let outage):
            Observation(outcome: .unavailable, detail: outage.description, loginName: nil, userID: nil)
        }
    }

    private func judged(
        _ identity: Identity,
        as outcome: Outcome,
        detail: String = ""
    ) async -> Observation {
        let verdict = await judge?.judge(identity, deadline: .now + limit) ?? .active(groups: [])
        let (seen, why): (Outcome, String) =
            switch verdict {
            case .active: (outcome, detail)
            case .inactive(let reason, _): (.inactive, reason)
            case .unavailable(let outage): (.unavailable, outage.description)
            }
        return Observation(
            outcome: seen,
            detail: why,
            loginName: identity.loginName,
            userID: identity.userID.rawValue
        )
    }

    /// Right and wrong logins of several people at once; each must get the answer to its own question.
    private func crowd(_ person: Person, _ others: [Person]) async -> [Observation] {
        await withTaskGroup(of: Observation.self) { group in
            for round in 0..<8 {
                for person in [person] + others.prefix(7) {
                    let isWrong = round % 2 == 1
                    group.addTask {
                        let seen = await login(person, suffix: isWrong ? "x" : "")
                        let isRight =
                            isWrong
                            ? seen.outcome == .wrongPassword
                            : seen.outcome == .active && seen.loginName == person.loginName
                        guard !isRight else {
                            return Observation(outcome: .active, detail: "", loginName: nil, userID: nil)
                        }
                        let detail = "\(person.username): \(seen.outcome.rawValue) \(seen.detail)"
                        return Observation(outcome: .notPermitted, detail: detail, loginName: nil, userID: nil)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func recheck(_ person: Person) async -> [Observation] {
        guard
            let credentials = try? Credentials(
                username: person.username,
                password: SecretBytes(Array(person.password.utf8))
            )
        else { return [] }
        let outcome = await provider.verify(credentials, deadline: .now + limit)
        guard case .verified(let identity, _) = outcome else { return [await observation(outcome)] }
        switch await provider.recheck(identity, deadline: .now + limit) {
        case .good(let now): return [await judged(identity, as: .active), await judged(now, as: .active)]
        case .temporarilyLocked(let now): return [await judged(now, as: .locked)]
        case .ended(let refusal): return [await observation(.refused(refusal))]
        case .unavailable(let outage): return [await observation(.unavailable(outage))]
        }
    }
}

extension ProviderConformanceSuite.Outcome {
    init(_ reason: Refusal.Reason) {
        self =
            switch reason {
            case .unknownUser: .unknownUser
            case .wrongPassword: .wrongPassword
            case .locked: .locked
            case .disabled: .disabled
            case .expired: .expired
            case .notPermitted, .throttled: .notPermitted
            case .inactive: .inactive
            case .malformed: .malformed
            }
    }
}
