internal import Synchronization

/// A person who has live sessions: what the sources said, when, and whether they are being asked now.
final class LivePerson: Sendable {
    /// That the sources did not answer.
    final class Failure: Sendable {
        let at: Int64
        let outage: Outage

        init(at: Int64, outage: Outage) {
            self.at = at
            self.outage = outage
        }
    }

    /// What a request needs to know, read in one go.
    struct View: Sendable {
        var facts: PersonFacts
        /// When the sources last answered, in milliseconds of the wall clock.
        var verdictAt: Int64
        /// Their last failure since that answer.
        var failure: Failure?
    }

    private struct State: Sendable {
        var view: View
        var check: Promise<CheckOutcome>?
        var isSuspended = false
    }

    private let isWaitingForCheck = Atomic(false)
    private let state: Mutex<State>
    let userID: UserID

    init(_ facts: PersonFacts, verdictAt: Int64) {
        userID = facts.identity.userID
        state = Mutex(State(view: View(facts: facts, verdictAt: verdictAt)))
    }

    var view: View { state.withLock { $0.view } }

    /// Whether the person was seen since the last check, and so is on the list for the next one.
    var isOnCheckList: Bool { isWaitingForCheck.load(ordering: .relaxed) }

    /// Puts the person on the list for the next check.
    /// - Returns: True for the one caller who must really do it.
    func claimCheckListing() -> Bool {
        guard !isWaitingForCheck.load(ordering: .relaxed) else { return false }
        return !isWaitingForCheck.exchange(true, ordering: .relaxed)
    }

    func leaveCheckList() {
        isWaitingForCheck.store(false, ordering: .relaxed)
    }

    /// Joins the check that is going on, or begins one.
    func joinCheck() -> (check: Promise<CheckOutcome>, isNew: Bool) {
        state.withLock { state in
            if let check = state.check { return (check, false) }
            let check = Promise<CheckOutcome>()
            state.check = check
            return (check, true)
        }
    }

    func endCheck() {
        state.withLock { $0.check = nil }
    }

    /// What an answer of the sources has changed.
    struct Settled: Sendable {
        /// The facts, if they are new.
        var changed: PersonFacts?
        /// Whether the person's sessions were suspended until now.
        var wasSuspended: Bool
    }

    /// Whether the sources have answered since they were asked for the verdict of `verdictAt`.
    ///
    /// An answer from the future means that the clock was set back; then nothing is older.
    func knowsBetter(than verdictAt: Int64, now: Int64) -> Bool {
        let known = view.verdictAt
        return verdictAt < known && known <= now
    }

    /// The sources have answered; the caller has made sure that they have not given a newer answer.
    func settle(_ user: DirectoryUser, verdictAt: Int64) -> Settled {
        state.withLock { state in
            let wasSuspended = state.isSuspended
            if let failure = state.view.failure, verdictAt >= failure.at { state.view.failure = nil }
            state.isSuspended = false
            state.view.verdictAt = verdictAt
            guard !state.view.facts.shows(user) else { return Settled(wasSuspended: wasSuspended) }
            let facts = PersonFacts(user)
            state.view.facts = facts
            return Settled(changed: facts, wasSuspended: wasSuspended)
        }
    }

    /// An application vouches for the person: that counts only where no source has been asked.
    /// - Returns: The facts, if they are new.
    func adopt(_ user: DirectoryUser, verdictAt: Int64) -> PersonFacts? {
        state.withLock { state in
            guard !state.view.facts.isKnownToSources, !state.view.facts.shows(user) else { return nil }
            let facts = PersonFacts(user)
            state.view.facts = facts
            state.view.verdictAt = verdictAt
            return facts
        }
    }

    /// The sources have not answered.
    func fail(_ outage: Outage, at now: Int64) {
        state.withLock { $0.view.failure = Failure(at: now, outage: outage) }
    }

    /// Marks the person's sessions as suspended.
    /// - Returns: True if they were not before.
    func suspend() -> Bool {
        state.withLock { state in
            defer { state.isSuspended = true }
            return !state.isSuspended
        }
    }
}
