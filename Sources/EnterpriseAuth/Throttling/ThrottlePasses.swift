internal import Synchronization

/// The tickets of one attempt, for as long as somebody is there to bring them back.
///
/// What the throttle lets through after its caller has gone on would never be settled: it is refused here, and whoever
/// brings it settles it.
final class ThrottlePasses: Sendable {
    private let state = Mutex<(tickets: [ThrottleTicket], isClosed: Bool)>(([], false))

    /// Keeps a ticket.
    /// - Returns: False if it comes too late.
    func keep(_ ticket: ThrottleTicket) -> Bool {
        state.withLock { state in
            if !state.isClosed { state.tickets.append(ticket) }
            return !state.isClosed
        }
    }

    /// Takes all tickets; none is kept any more.
    func close() -> [ThrottleTicket] {
        state.withLock { state in
            state.isClosed = true
            defer { state.tickets = [] }
            return state.tickets
        }
    }
}
