internal import LDAPClient
internal import Logging
internal import Metrics
internal import Synchronization

/// The rule of `[active]` for people of one directory: names resolved to entries, and kept resolved.
final class DirectoryRule: Sendable {
    private enum State: Sendable {
        case resolved(GroupRequirement<DistinguishedName>)
        /// Nobody is judged: not resolved yet, or a group is missing or ambiguous.
        case unusable(Outage)
    }

    private let directory: Directory
    private let configuration: GroupRequirementConfiguration
    private let logger: Logger
    private let isUsable: Gauge
    private let state: Mutex<State>

    /// The configured name of the directory.
    var name: String { directory.name }

    init(_ directory: Directory, _ configuration: GroupRequirementConfiguration, logger: Logger) {
        self.directory = directory
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "directory"] = "\(directory.name)"
        self.logger = logger
        isUsable = Gauge(label: "ent_login_rule_groups_found", dimensions: [("directory", directory.name)])
        let detail = "the groups of [active] have not been looked up yet"
        state = Mutex(.unusable(Outage(.internal, source: directory.name, step: "rule_group", detail: detail)))
    }

    /// Looks every group of the rule up.
    ///
    /// Without an answer a rule that was resolved before stays: the outage shows itself to every login anyway.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong.
    @discardableResult
    func resolve(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        var found: [GroupReference: DistinguishedName] = [:]
        var failures: [StartFailure] = []
        for reference in configuration.references where found[reference] == nil {
            do throws(Outage) {
                let group = try await directory.group(named: reference.name, deadline: deadline)
                if case .one(let name, _) = group {
                    found[reference] = name
                } else {
                    failures.append(failure(reference, group))
                }
            } catch {
                settle(outage: error)
                return failures + [StartFailure(part: "active", outage: error)]
            }
        }
        guard failures.isEmpty, let rule = try? GroupRequirement(configuration, resolve: { try Self.lookUp($0, found) })
        else {
            settle(failures)
            return failures
        }
        settle(rule)
        return []
    }

    /// Looks the person's groups up and applies the rule.
    func judge(_ identity: Identity, explaining explains: Bool, deadline: ContinuousClock.Instant) async -> Judgement {
        do throws(Outage) {
            let rule = try await usableRule(deadline: deadline)
            let found = try await directory.groups(of: identity, explaining: explains, deadline: deadline)
            guard let found else { return .inactive("the entry of \(identity.loginName) is gone") }
            let decision = rule.decide(Set(found.map(\.group)))
            return Judgement(
                holds: decision.holds,
                reason: decision.reason,
                groups: found.map { Explanation.Group(name: $0.name, dn: $0.dn, via: $0.via) }
            )
        } catch {
            return .unavailable(error)
        }
    }

    /// The resolved rule; one that is not usable is looked up again first, so that the next login after a repair works.
    private func usableRule(
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> GroupRequirement<DistinguishedName> {
        if case .resolved(let rule) = state.withLock({ $0 }) { return rule }
        await resolve(deadline: deadline)
        switch state.withLock({ $0 }) {
        case .resolved(let rule): return rule
        case .unusable(let outage): throw outage
        }
    }

    private func settle(_ rule: GroupRequirement<DistinguishedName>) {
        let wasUsable = state.withLock { state in
            defer { state = .resolved(rule) }
            guard case .resolved = state else { return false }
            return true
        }
        isUsable.record(1)
        if !wasUsable { logger.notice("every group of [active] was found") }
    }

    private func settle(_ failures: [StartFailure]) {
        let problem = failures.map(\.problem).joined(separator: "; ")
        let outage = Outage(.misconfigured, source: directory.name, step: "rule_group", detail: problem)
        state.withLock { $0 = .unusable(outage) }
        isUsable.record(0)
        logger.critical("nobody can be active: a group of [active] is missing", metadata: ["problem": "\(problem)"])
    }

    private func settle(outage: Outage) {
        state.withLock { state in
            if case .unusable = state { state = .unusable(outage) }
        }
        logger.warning("the groups of [active] could not be looked up", metadata: ["outage": "\(outage)"])
    }

    private struct NotResolved: Error {}

    private static func lookUp(
        _ reference: GroupReference,
        _ found: [GroupReference: DistinguishedName]
    ) throws(NotResolved) -> DistinguishedName {
        guard let group = found[reference] else { throw NotResolved() }
        return group
    }

    private func failure(_ reference: GroupReference, _ group: Directory.NamedGroup) -> StartFailure {
        let place = reference.position.map { "\($0): " } ?? ""
        let base = directory.schema.groupBase
        switch group {
        case .several(let names):
            return StartFailure(
                part: "active",
                problem: "\(place)group “\(reference.name)” is ambiguous: \(names.joined(separator: " and "))",
                fix: "narrow groups.base or groups.filter, or rename one of them"
            )
        case .none, .one:
            return StartFailure(
                part: "active",
                problem: "\(place)there is no group “\(reference.name)” below \(base) of directory \(name)",
                fix: "create it, correct the name, or let the service account see it"
            )
        }
    }
}
