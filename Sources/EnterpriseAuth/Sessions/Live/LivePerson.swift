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

    /// Whether any source knows the person; false for those whom an application brought.
    let isKnownToSources: Bool
    private let isWaitingForCheck = Atomic(false)
    private let state: Mutex<State>
    let userID: UserID

    init(_ facts: PersonFacts, verdictAt: Int64) {
        userID = facts.identity.userID
        isKnownToSources = facts.identity.source != .application
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

    /// The sources have answered.
    /// - Returns: The facts if they are new, and whether the person's sessions were suspended until now.
    func settle(_ user: DirectoryUser, verdictAt: Int64) -> (changed: PersonFacts?, wasSuspended: Bool) {
        state.withLock { state in
            defer { state.isSuspended = false }
            state.view.failure = nil
            state.view.verdictAt = max(verdictAt, state.view.verdictAt)
            guard !state.view.facts.shows(user) else { return (nil, state.isSuspended) }
            let facts = PersonFacts(user)
            state.view.facts = facts
            return (facts, state.isSuspended)
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
