internal import LDAPClient
internal import Logging
internal import Metrics
internal import Synchronization

/// A rule about groups of one directory with every name resolved to one entry, kept resolved and no older than told.
///
/// Each look asks for all names, so that one without an answer hides nothing that is known of the others. A group that
/// is surely missing or ambiguous makes the rule unusable whatever else happened; only silence leaves an earlier
/// resolution standing, and that for a few rechecks and no longer. One look runs at a time, for all who ask meanwhile,
/// so that an older one cannot overwrite what a newer one has found.
final class RuleGroups: Sendable {
    /// Finds the group of a name, or throws `Outage`.
    typealias LookUp =
        @Sendable (String, ContinuousClock.Instant) async throws(Outage) -> Directory.NamedGroup

    /// For how many rechecks without an answer an earlier resolution stands.
    static let patience = 3
    /// The time one look may take, whoever waits for it.
    static let limit: Duration = .seconds(30)

    typealias Rule = GroupRequirement<DistinguishedName>
    /// Which entry each name means.
    typealias Names = [GroupReference: DistinguishedName]

    private typealias Finding = (reference: GroupReference, result: Result<DistinguishedName, Problem>)

    private struct Problem: Error {
        let failure: StartFailure
        /// Why nobody said; nil where the answer is definite.
        var silence: Outage?
    }

    private struct Resolved {
        let rule: Rule
        let names: Names
        var at: ContinuousClock.Instant
        /// Since when, in the time of day, the names have meant these entries.
        let since: Timestamp
    }

    private struct State {
        var resolved: Resolved?
        /// Why there is no resolved rule, while there is none.
        var outage: Outage
        /// What is surely wrong, as the last look found it.
        var mistakes: [StartFailure] = []
        var look: (task: Task<Void, Never>, failures: Promise<[StartFailure]>)?
    }

    /// Which part of the configuration the rule is.
    let part: String
    /// The configured name of the directory.
    let directory: String
    private let base: String
    private let configuration: GroupRequirementConfiguration
    private let longestSilence: Duration
    private let clock: any WallClock
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let lookUp: LookUp
    private let isUsable: Gauge
    private let state: Mutex<State>

    /// Takes the rule without asking anybody yet.
    /// - Parameters:
    ///   - configuration: The rule.
    ///   - part: Which part of the configuration it is: `active`, `portal.access[0]`.
    ///   - recheck: How often somebody asks for a new look.
    ///   - directory: The configured name of the directory.
    ///   - base: Where its groups lie, for messages.
    ///   - logger: Takes a line when a group vanishes and when it is back.
    ///   - clock: Tells the time of day.
    ///   - now: Tells how old a resolution is.
    ///   - lookUp: Finds a group.
    init(
        _ configuration: GroupRequirementConfiguration,
        part: String,
        recheck: Duration,
        directory: String,
        base: String,
        logger: Logger,
        clock: any WallClock = SystemWallClock(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        lookUp: @escaping LookUp
    ) {
        self.directory = directory
        self.base = base
        self.configuration = configuration
        self.part = part
        longestSilence = recheck * Self.patience
        self.clock = clock
        var logger = logger
        logger[metadataKey: "rule"] = "\(part)"
        self.logger = logger
        self.now = now
        self.lookUp = lookUp
        isUsable = Gauge(label: "ent_login_rule_groups_found", dimensions: [("directory", directory), ("rule", part)])
        let detail = "the groups of \(part) have not been looked up yet"
        state = Mutex(State(outage: Outage(.internal, source: directory, step: "rule_group", detail: detail)))
    }

    /// The resolved rule; without one all groups are looked up first, so that the next login after a repair works.
    /// - Parameter deadline: When to give up.
    /// - Returns: The rule.
    /// - Throws: `Outage` if a group is missing or ambiguous, or nobody has said for too long.
    nonisolated(nonsending) func rule(deadline: ContinuousClock.Instant) async throws(Outage) -> GroupRequirement<
        DistinguishedName
    > {
        if let rule = fresh?.rule { return rule }
        let failures = await resolve(deadline: deadline)
        if let rule = fresh?.rule { return rule }
        let outage = state.withLock { $0.resolved == nil ? $0.outage : nil }
        let detail = failures.first?.problem ?? "the groups of \(part) could not be looked up"
        throw outage ?? Outage(.timeout, source: directory, step: "rule_group", detail: detail)
    }

    /// Looks every group of the rule up, or waits for the look that runs already.
    /// - Parameter deadline: When to give up waiting; the look goes on for those who have more time.
    /// - Returns: Everything that is wrong.
    @discardableResult
    nonisolated(nonsending) func resolve(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        let failures = state.withLock { state in
            if let look = state.look { return look.failures }
            let failures = Promise<[StartFailure]>()
            state.look = (Task { await self.look(failures) }, failures)
            return failures
        }
        if let failures = await failures.value(until: deadline) { return failures }
        let detail = "the time was over before all groups of \(part) had been looked up"
        return [
            StartFailure(
                part: part,
                outage: Outage(.timeout, source: directory, step: "rule_group", detail: detail)
            )
        ]
    }

    /// What is surely wrong with the groups, as far as is known without asking again.
    var mistakes: [StartFailure] { state.withLock { $0.mistakes } }

    /// Ends the look that runs, if one does.
    nonisolated(nonsending) func stop() async {
        let task = state.withLock { $0.look?.task }
        task?.cancel()
        await task?.value
    }

    /// Which entry each name means and since when, as far as that is known without asking.
    ///
    /// Nil while a group is missing or ambiguous, and when nobody has answered for too long.
    var names: (names: Names, since: Timestamp)? {
        fresh.map { ($0.names, $0.since) }
    }

    /// Which entry each name means, and when the look began that found it.
    var lastLook: (names: Names, at: ContinuousClock.Instant)? {
        fresh.map { ($0.names, $0.at) }
    }

    /// Why there is no resolved rule, or that it has become too old.
    var outage: Outage {
        let detail = "nobody could say which groups \(part) means"
        return state.withLock { $0.resolved == nil ? $0.outage : nil }
            ?? Outage(.timeout, source: directory, step: "rule_group", detail: detail)
    }

    private var fresh: Resolved? {
        let now = now()
        return state.withLock { state in
            guard let resolved = state.resolved, now - resolved.at <= longestSilence else { return nil }
            return resolved
        }
    }
}

extension RuleGroups {
    private nonisolated(nonsending) func look(_ promise: Promise<[StartFailure]>) async {
        let begin = now()
        let deadline = ContinuousClock.now + Self.limit
        let findings = await withTaskGroup(of: Finding.self) { group in
            for reference in Set(configuration.references) {
                group.addTask { (reference, await self.find(reference, deadline: deadline)) }
            }
            return await group.reduce(into: [Finding]()) { $0.append($1) }
        }
        promise.fulfil(settle(findings, begin))
    }

    private nonisolated(nonsending) func find(
        _ reference: GroupReference,
        deadline: ContinuousClock.Instant
    ) async -> Result<DistinguishedName, Problem> {
        do throws(Outage) {
            let group = try await lookUp(reference.name, deadline)
            guard case .one(let name, _) = group else {
                return .failure(Problem(failure: failure(reference, group)))
            }
            return .success(name)
        } catch {
            // A server that says that there is no such base, or that we may not look, has answered.
            let silence = error.kind == .misconfigured ? nil : error
            return .failure(Problem(failure: StartFailure(part: part, outage: error), silence: silence))
        }
    }

    /// Draws the conclusion of one look, and ends it in the same moment.
    private func settle(_ findings: [Finding], _ begin: ContinuousClock.Instant) -> [StartFailure] {
        var found: Names = [:]
        var problems: [Problem] = []
        for (reference, result) in findings {
            switch result {
            case .success(let name): found[reference] = name
            case .failure(let problem): problems.append(problem)
            }
        }
        problems.sort { $0.failure.problem < $1.failure.problem }
        let definite = problems.filter { $0.silence == nil }
        if !definite.isEmpty {
            settleUnusable(definite.map(\.failure))
        } else if let silence = problems.first?.silence {
            settle(silence)
        } else if let rule = try? Rule(configuration, resolve: { try Self.pick($0, found) }) {
            settle(rule, found, at: begin)
        } else {
            let problem = "a group of the rule was not looked up"
            settleUnusable([StartFailure(part: part, problem: problem, fix: "report this, it is a fault of ours")])
        }
        return problems.map(\.failure)
    }

    private func settle(_ rule: Rule, _ names: Names, at begin: ContinuousClock.Instant) {
        let wasUsable = state.withLock { state in
            let former = state.resolved
            // While the former resolution was too old to be used, people were judged without it.
            let stands = former.map { $0.names == names && now() - $0.at <= longestSilence } ?? false
            let since = stands ? former?.since : nil
            let today = Timestamp(milliseconds: clock.nowMilliseconds)
            state.resolved = Resolved(rule: rule, names: names, at: begin, since: since ?? today)
            (state.mistakes, state.look) = ([], nil)
            return former != nil
        }
        isUsable.record(1)
        if !wasUsable { logger.notice("every group of the rule was found") }
    }

    private func settleUnusable(_ mistakes: [StartFailure]) {
        let problem = mistakes.map(\.problem).joined(separator: "; ")
        let outage = Outage(.misconfigured, source: directory, step: "rule_group", detail: problem)
        state.withLock { ($0.resolved, $0.outage, $0.mistakes, $0.look) = (nil, outage, mistakes, nil) }
        isUsable.record(0)
        logger.critical("nobody passes by the rule: a group of it is missing", metadata: ["problem": "\(problem)"])
    }

    private func settle(_ silence: Outage) {
        let now = now()
        let isUsable = state.withLock { state in
            state.look = nil
            if let at = state.resolved?.at, now - at <= longestSilence { return true }
            (state.resolved, state.outage) = (nil, silence)
            return false
        }
        self.isUsable.record(isUsable ? 1 : 0)
        logger.warning(
            "the groups of the rule could not be looked up",
            metadata: ["outage": "\(silence)", "is_usable": "\(isUsable)"]
        )
    }

    private struct NotResolved: Error {}

    private static func pick(
        _ reference: GroupReference,
        _ found: Names
    ) throws(NotResolved) -> DistinguishedName {
        guard let group = found[reference] else { throw NotResolved() }
        return group
    }

    private func failure(_ reference: GroupReference, _ group: Directory.NamedGroup) -> StartFailure {
        let place = reference.position.map { "\($0): " } ?? ""
        switch group {
        case .several(let names):
            return StartFailure(
                part: part,
                problem: "\(place)group “\(reference.name)” is ambiguous: \(names.joined(separator: " and "))",
                fix: "narrow groups.base or groups.filter, or rename one of them"
            )
        case .unreadable(let detail):
            return StartFailure(
                part: part,
                problem: "\(place)it cannot be told who is in group “\(reference.name)”: \(detail)",
                fix: "let the service account read it"
            )
        case .none, .one:
            return StartFailure(
                part: part,
                problem: "\(place)there is no group “\(reference.name)” below \(base) of directory \(directory)",
                fix: "create it, correct the name, or let the service account see it"
            )
        }
    }
}
