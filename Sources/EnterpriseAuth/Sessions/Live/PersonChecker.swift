internal import Synchronization

/// Asks the sources again about people who have live sessions.
///
/// One check per person at a time, and no more than a few at a time for all; whoever needs the answer joins the check
/// that is going on.
final class PersonChecker: Sendable {
    /// How many people are checked at the same time, and how many of these by the background check: some places are
    /// left for requests that wait.
    private static let limit = 32
    private static let backgroundLimit = 24

    private let keeper: SessionKeeper
    private let regime: LoginRegime.Current
    private let metrics: LoginMetrics
    private let gate = Gate(limit: limit)
    /// How many tasks do the background check.
    private let runners = Atomic(0)
    /// The checks that go on, whether or not somebody still waits for them.
    private let checks = Mutex<[ObjectIdentifier: Promise<CheckOutcome>]>([:])
    /// People who were seen since their last check.
    private let listed = Mutex<[LivePerson]>([])

    init(keeper: SessionKeeper, regime: LoginRegime.Current, metrics: LoginMetrics) {
        self.keeper = keeper
        self.regime = regime
        self.metrics = metrics
    }

    /// Whether the background check goes on; without it nobody may wait for it.
    var isRunning: Bool { runners.load(ordering: .relaxed) > 0 }

    /// Counts the background check as going on for as long as `body` takes.
    func whileRunning(_ body: () async -> Void) async {
        runners.add(1, ordering: .relaxed)
        await body()
        runners.subtract(1, ordering: .relaxed)
    }

    /// Puts a person on the list for the next background check.
    func list(_ person: LivePerson) {
        guard person.claimCheckListing() else { return }
        listed.withLock { $0.append(person) }
    }

    /// Checks a person now, and waits for the answer as long as a login may take.
    func check(_ person: LivePerson) async -> CheckOutcome {
        let deadline = regime.value.login.deadline
        let end = ContinuousClock.now + deadline
        let (promise, isNew) = person.joinCheck()
        if isNew {
            checks.withLock { $0[ObjectIdentifier(promise)] = promise }
            Task {
                await self.run(person, promise)
                self.checks.withLock { $0[ObjectIdentifier(promise)] = nil }
            }
        }
        if let outcome = await promise.value(until: end) { return outcome }
        let kind: Outage.Kind = Task.isCancelled ? .cancelled : .timeout
        let detail = "the check of a live session's person did not end within \(deadline)"
        return .unavailable(Outage(kind, source: person.view.facts.identity.provider, step: "recheck", detail: detail))
    }

    /// How many checks go on.
    var goingOn: Int { checks.withLock { $0.count } }

    /// Waits until every check that goes on has ended, with its consequences in the journal.
    /// - Parameter deadline: When to give up.
    func finish(until deadline: ContinuousClock.Instant) async {
        for check in checks.withLock({ Array($0.values) }) { _ = await check.value(until: deadline) }
    }

    /// Checks everybody whose check is due, and waits until all of them have been.
    func checkDue() async {
        var queue = takeDue()[...]
        var silence = SourceSilence()
        await withTaskGroup(of: (LivePerson, CheckOutcome).self) { group in
            var running = 0
            while true {
                while running < Self.backgroundLimit, let person = queue.popFirst() {
                    if let outage = silence.outage(of: person) {
                        person.fail(outage, at: keeper.clock.nowMilliseconds)
                        listed.withLock { $0.append(person) }
                    } else {
                        running += 1
                        group.addTask { (person, await self.check(person)) }
                    }
                }
                guard let (person, outcome) = await group.next() else { return }
                running -= 1
                silence.note(outcome, of: person)
                if case .unavailable = outcome {
                    listed.withLock { $0.append(person) }
                } else {
                    person.leaveCheckList()
                }
            }
        }
    }

    private func takeDue() -> [LivePerson] {
        let now = keeper.clock.nowMilliseconds
        let rules = keeper.rules
        let people = listed.withLock { listed in
            defer { listed = [] }
            return listed
        }
        var due: [LivePerson] = []
        var later: [LivePerson] = []
        for person in people {
            if !keeper.hasSessions(person) {
                person.leaveCheckList()
            } else if rules.isCheckDue(person.view, userID: person.userID, now: now) {
                due.append(person)
            } else {
                later.append(person)
            }
        }
        listed.withLock { [later] listed in listed += later }
        return due
    }

    private func run(_ person: LivePerson, _ promise: Promise<CheckOutcome>) async {
        await gate.enter()
        let start = ContinuousClock.now
        let (answer, asked) = await ask(about: person, until: start + regime.value.login.deadline)
        let outcome = keeper.settle(person, answer, asked: asked)
        metrics.recheck(outcome, took: ContinuousClock.now - start)
        gate.leave()
        person.endCheck()
        promise.fulfil(outcome)
    }

    /// Asks the sources of the moment; an answer that others have taken the place of meanwhile is not waited for.
    private func ask(
        about person: LivePerson,
        until deadline: ContinuousClock.Instant
    ) async -> (answer: PersonSources.Answer, asked: Timestamp) {
        while true {
            // The time first: what the sources before a reload say must not seem newer than the reload.
            let asked = keeper.now
            let current = regime.value
            let answer = await current.sources.ask(about: person.view.facts.user, until: deadline)
            if regime.value === current || ContinuousClock.now >= deadline { return (answer, asked) }
        }
    }
}

/// Which sources have just failed so often that asking them about the next person is a waste of a deadline.
private struct SourceSilence {
    private var failures: [String: Int] = [:]
    private var outages: [String: Outage] = [:]

    func outage(of person: LivePerson) -> Outage? {
        let source = person.view.facts.identity.source.key
        return failures[source, default: 0] >= 3 ? outages[source] : nil
    }

    mutating func note(_ outcome: CheckOutcome, of person: LivePerson) {
        let source = person.view.facts.identity.source.key
        switch outcome {
        case .unavailable(let outage):
            failures[source, default: 0] += 1
            outages[source] = outage
        case .stands, .ended:
            failures[source] = 0
        }
    }
}

extension IdentitySource {
    /// What the source is called, for counting and grouping.
    var key: String {
        switch self {
        case .directory(let name, _): "directory:\(name)"
        case .local(let provider, _): "local:\(provider)"
        case .application: "application"
        }
    }
}
