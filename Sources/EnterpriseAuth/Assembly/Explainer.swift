internal import HostSystem

/// Walks the way of a login without a password.
struct Explainer {
    private typealias Decision = Explanation.Decision

    /// What one provider knows of a name.
    private enum Finding {
        case person(Identity, AccountState)
        case ended(Refusal)
        case unknown
        case outage(Outage)
    }

    let assembly: LoginAssembly
    let deadline: ContinuousClock.Instant

    /// The end of the way, and who it is if somebody was found and judged.
    func decide(_ username: String) async -> (decision: Explanation.Decision, user: DirectoryUser?) {
        var firstOutage: Outage?
        for name in assembly.configuration.login.providers {
            guard let settings = assembly.configuration.providers[name] else { continue }
            switch await find(username, settings) {
            case .unknown:
                record("find_user", name, username, "unknown", "the provider does not know the name")
            case .outage(let outage):
                record("find_user", name, username, "unavailable", outage.description)
                guard assembly.configuration.login.onOutage == .next else {
                    return (unavailable(outage, provider: name), nil)
                }
                firstOutage = firstOutage ?? outage
            case .ended(let refusal):
                record("account", name, username, refusal.reason.rawValue, refusal.detail)
                return (Decision(outcome: .refused, reason: refusal.detail, provider: name), nil)
            case .person(let identity, let state):
                record("account", name, identity.loginName, state.name, state.detail)
                return await decide(identity, state, provider: name)
            }
        }
        if let firstOutage { return (unavailable(firstOutage, provider: nil), nil) }
        return (Decision(outcome: .unknown, reason: "no provider knows the name"), nil)
    }

    private func decide(
        _ identity: Identity,
        _ state: AccountState,
        provider: String
    ) async -> (Explanation.Decision, DirectoryUser?) {
        var decision = Decision(outcome: .active, reason: "", provider: provider)
        decision.userID = identity.userID.rawValue
        decision.loginName = identity.loginName
        decision.account = state.name
        if case .directory(_, let dn) = identity.source { decision.dn = dn }
        let judgement = await assembly.activePolicy.judge(identity, explaining: true, deadline: deadline)
        decision.groups = judgement.groups
        decision.reason = judgement.reason
        switch (judgement.verdict, state) {
        case (.unavailable, _):
            decision.outcome = .unavailable
        case (_, .barred), (_, .temporarilyLocked):
            (decision.outcome, decision.reason) = (.refused, state.detail)
        case (.inactive, _):
            decision.outcome = .inactive
        case (.active, .passwordChangeRequired):
            (decision.outcome, decision.reason) = (.passwordChangeRequired, state.detail)
        case (.active, .good):
            decision.outcome = .active
        }
        let isActive = decision.outcome == .active
        let names = Set(judgement.groups.map(\.name)).sorted()
        return (decision, DirectoryUser(identity: identity, groups: names, isActive: isActive))
    }

    private func find(_ username: String, _ settings: ProviderConfiguration) async -> Finding {
        guard !username.isEmpty, username.utf8.count <= Credentials.maximumUsernameBytes else { return .unknown }
        switch settings {
        case .ldap(let ldap):
            return await findInDirectory(username, named: ldap.directory, provider: ldap.name)
        case .pam(let pam):
            guard let name = pam.directory else { return await findLocally(username, pam) }
            let finding = await findInDirectory(username, named: name, provider: pam.name)
            guard case .person(let identity, let state) = finding else { return finding }
            return await account(identity, state, provider: pam.name)
        }
    }

    private func findInDirectory(
        _ username: String,
        named name: String,
        provider: String
    ) async -> Finding {
        guard let directory = assembly.directories[name] else { return .unknown }
        do throws(Outage) {
            guard let person = try await directory.person(withLoginName: username, deadline: deadline) else {
                return .unknown
            }
            let state = await directory.accountState(of: person, moment: .atAnyTime, deadline: deadline)
                .orWorse(await directory.passwordAge(of: person, deadline: deadline))
            return .person(person.identity(directory: name, provider: provider), state)
        } catch {
            return .outage(error)
        }
    }

    private func findLocally(_ username: String, _ pam: PAMProviderConfiguration) async -> Finding {
        do throws(HostError) {
            guard let user = try await UserDatabase.user(named: username, deadline: deadline) else { return .unknown }
            let identity = Identity(
                userID: UserID(source: pam.name, value: user.name),
                loginName: user.name,
                provider: pam.name,
                source: .local(provider: pam.name, uid: user.userID)
            )
            return await account(identity, .good, provider: pam.name)
        } catch {
            return .outage(Outage(.unreachable, source: pam.name, step: "find_user", detail: "\(error)"))
        }
    }

    /// What the stack's account lines say, which no password is needed for.
    private func account(_ identity: Identity, _ state: AccountState, provider: String) async -> Finding {
        switch await assembly.providers.recheck(identity, deadline: deadline) {
        case .good: .person(identity, state)
        case .temporarilyLocked: .person(identity, state.orWorse(.temporarilyLocked(detail: "the stack says locked")))
        case .ended(let refusal): .ended(refusal)
        case .unavailable(let outage): .outage(outage)
        }
    }

    private func unavailable(_ outage: Outage, provider: String?) -> Explanation.Decision {
        Decision(outcome: .unavailable, reason: outage.description, provider: provider)
    }

    private func record(_ step: String, _ target: String, _ request: String, _ result: String, _ detail: String) {
        DecisionTrace.record(
            DecisionStep(step: step, target: target, request: request, result: result, detail: detail)
        )
    }
}
