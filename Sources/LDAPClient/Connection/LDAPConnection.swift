internal import CLDAPShim
internal import Synchronization

/// One connection to one directory server.
///
/// Any number of operations run on it at the same time, each with its own deadline. Requests are sent by the task that
/// makes them and answers are read by a thread that many connections share; a lock sees to it that only one of them is
/// inside of the C library, and neither ever waits there. When the last reference goes away, the connection is closed.
///
/// Writing to a connection that the server has closed never raises SIGPIPE here. A program should ignore that signal all
/// the same, because other libraries are less careful.
public final class LDAPConnection: Sendable {
    private struct State {
        var handle: LDAPHandle?
        var pending = PendingOperations()
        /// Why there is no handle any more.
        var ending: LDAPHandle.Ending?
        /// Whether the loop has to forget the socket, which is closed.
        var mustLeave = false
        /// What had been received when somebody last got something of it.
        var usefulUntil = 0
        /// Who is to be told once the lock is free.
        var settled: [PendingOperations.Settled] = []
    }

    /// How much one connection may read before the others have their turn.
    private static let turn = 64 * 1024
    /// How much may come that nobody has asked for: the rest of what was abandoned, and one large message.
    private static let mostUseless = 32 * 1024 * 1024

    /// The server and how it was reached.
    public let configuration: LDAPConnectionConfiguration

    private let id = EventLoop.newID()
    private let usable = Atomic(true)
    private let suspect = Atomic(false)
    private let state: Mutex<State>

    /// Begins to use a handle that is ready for operations.
    init(_ configuration: LDAPConnectionConfiguration, _ opener: HandleOpener) {
        self.configuration = configuration
        state = Mutex(State(handle: opener.take()))
        // The server may have sent something right behind the handshake, which poll(2) does not know of any more.
        drain()
        EventLoop.shared.touch(id, self)
    }

    deinit {
        EventLoop.shared.leave(id)
    }

    /// Whether the connection still works as far as is known without asking the server.
    ///
    /// A server that closes the connection is noticed at once, a machine that falls silent is not.
    public var isUsable: Bool { usable.load(ordering: .acquiring) }

    /// Whether an operation timed out and nothing has been heard from the server since.
    public var isSuspect: Bool { suspect.load(ordering: .acquiring) }

    /// Ends the connection; everything still waiting on it fails with ``LDAPError/Reason/closed``.
    public func close() async {
        change { state in
            end(&state, .init(reason: .closed, code: .localError, diagnostic: ""))
        }
    }

    func error(
        _ reason: LDAPError.Reason,
        _ step: LDAPError.Step,
        _ code: LDAPResultCode,
        _ diagnostic: String = "",
        sent: Bool = false
    ) -> LDAPError {
        LDAPError(
            reason,
            step: step,
            code: code,
            server: configuration.url.description,
            diagnostic: diagnostic,
            requestMayHaveBeenSent: sent
        )
    }

    /// Works on the state, then tells those whose operations that has settled.
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, settled, mustLeave) = state.withLock { state in
            let result = body(&state)
            defer {
                state.settled.removeAll()
                state.mustLeave = false
            }
            return (result, state.settled, state.mustLeave)
        }
        // While poll(2) waits for a socket, it stays open whoever closes it, and its number may be given out again.
        if mustLeave { EventLoop.shared.leave(id) }
        for operation in settled { operation.tell() }
        return result
    }

    /// Drops the handle and settles everything that waits.
    private func end(_ state: inout State, _ ending: LDAPHandle.Ending) {
        guard state.ending == nil else { return }
        state.ending = ending
        state.handle = nil
        state.mustLeave = true
        usable.store(false, ordering: .releasing)
        for operation in state.pending.removeAll() {
            let error = error(ending.reason, operation.step, ending.code, ending.diagnostic, sent: true)
            state.settled.append(.init(operation.waiter, .failure(error)))
        }
    }
}

// MARK: Operations

extension LDAPConnection {
    typealias Send = (LDAPHandle) throws(LDAPHandle.Failure) -> Int32

    /// Sends a request and waits for everything that belongs to it.
    nonisolated(nonsending) func perform(
        _ step: LDAPError.Step,
        _ deadline: ContinuousClock.Instant,
        allowance: SearchAllowance = SearchAllowance(),
        _ send: Send
    ) async throws(LDAPError) -> OperationAnswer {
        guard ContinuousClock.now < deadline else { throw error(.timedOut, step, .timeout) }
        let token = PendingOperations.newToken()
        let outcome = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                let operation = unsafe PendingOperations.Operation(
                    step,
                    deadline,
                    PendingOperations.Waiter(continuation),
                    allowance,
                    token: token
                )
                start(operation, send)
            }
        } onCancel: {
            cancel(token)
        }
        return try outcome.get()
    }

    private func start(_ operation: PendingOperations.Operation, _ send: Send) {
        let mustTouch = change { state in
            // On the loop's thread requests are collected until it has run everybody.
            state.handle?.cork(EventLoop.shared.isCurrent)
            do throws(LDAPError) {
                let id = try submit(&state, operation.step, send)
                state.pending.insert(id, operation)
            } catch {
                state.settled.append(.init(operation.waiter, .failure(error)))
            }
            return state.handle?.wantsWrite == true
        }
        EventLoop.shared.expect(operation.deadline)
        if mustTouch { EventLoop.shared.touch(id, self) }
        // Had the task been cancelled before the operation was known, nobody would have found it.
        if Task.isCancelled { cancel(operation.token) }
    }

    /// Writes the request; what it throws says that nothing was sent.
    private func submit(
        _ state: inout State,
        _ step: LDAPError.Step,
        _ send: Send
    ) throws(LDAPError) -> Int32 {
        guard !Task.isCancelled else { throw error(.cancelled, step, .userCancelled) }
        guard let handle = state.handle else {
            let ending = state.ending ?? .init(reason: .closed, code: .localError, diagnostic: "")
            throw error(ending.reason, step, ending.code, ending.diagnostic)
        }
        // RFC 4511, section 4.2.1: until a bind is answered nothing else may be sent.
        guard !state.pending.isBinding else {
            throw error(.invalidRequest, step, .parameterError, "a bind is still under way on this connection")
        }
        do {
            return try send(handle)
        } catch {
            switch error.code {
            case .encodingError, .filterError, .parameterError:
                throw self.error(.invalidRequest, step, error.code, error.diagnostic)
            default:
                end(&state, .init(reason: .connectionLost, code: error.code, diagnostic: error.diagnostic))
                throw self.error(.connectionLost, step, error.code, error.diagnostic)
            }
        }
    }

    private func cancel(_ token: UInt64) {
        change { state in
            guard let (id, operation) = state.pending.remove(token: token) else { return }
            giveUp(&state, id, operation, .cancelled, .userCancelled)
        }
    }

    /// Tells the caller, and the server, that nobody waits any more.
    private func giveUp(
        _ state: inout State,
        _ id: Int32,
        _ operation: PendingOperations.Operation,
        _ reason: LDAPError.Reason,
        _ code: LDAPResultCode,
        _ diagnostic: String = ""
    ) {
        let error = error(reason, operation.step, code, diagnostic, sent: true)
        state.settled.append(.init(operation.waiter, .failure(error)))
        if operation.step == .bind {
            // It cannot be abandoned (RFC 4511, section 4.11), and who is bound now is unknown.
            let diagnostic = "closed after a bind that was not answered"
            end(&state, .init(reason: .connectionLost, code: .serverDown, diagnostic: diagnostic))
        } else {
            state.handle?.cork(false)
            state.handle?.abandon(id)
        }
    }
}

// MARK: Socket and clock

extension LDAPConnection: EventLoop.Member {
    /// Reads what has arrived, sends what is to be sent, ends what is late.
    func tick(isReadable: Bool) -> EventLoop.Interest? {
        if isReadable { drain() }
        return change { state in
            if let deadline = state.pending.nextDeadline, ContinuousClock.now >= deadline {
                for (id, operation) in state.pending.removeExpired(at: .now) {
                    suspect.store(true, ordering: .releasing)
                    giveUp(&state, id, operation, .timedOut, .timeout)
                }
            }
            guard let handle = state.handle else { return nil }
            guard handle.flush() else {
                end(&state, .init(reason: .connectionLost, code: .serverDown, diagnostic: ""))
                return nil
            }
            return EventLoop.Interest(
                descriptor: handle.descriptor,
                wantsWrite: handle.wantsWrite,
                deadline: state.pending.nextDeadline
            )
        }
    }

    /// Reads a buffer at a time, and lets others have the lock in between.
    ///
    /// What is left after one turn keeps the socket readable: a server that never stops cannot starve the others.
    private func drain() {
        change { $0.handle?.limit(Self.turn) }
        while change({ drainOnce(&$0) }) {}
    }

    /// Returns whether there may be more.
    private func drainOnce(_ state: inout State) -> Bool {
        guard let handle = state.handle else { return false }
        let isOpen = handle.fill()
        do {
            while handle.isDataReady, let message = try handle.next() {
                suspect.store(false, ordering: .releasing)
                receive(&state, message)
                guard state.handle != nil else { return false }
            }
        } catch {
            end(&state, .init(reason: .connectionLost, code: error.code, diagnostic: error.diagnostic))
            return false
        }
        if handle.received - state.usefulUntil > Self.mostUseless {
            violated(&state, "more than \(Self.mostUseless) bytes that nobody has asked for")
            return false
        }
        if !isOpen { end(&state, .init(reason: .connectionLost, code: .serverDown, diagnostic: "")) }
        // A full buffer means that there may be more; otherwise poll(2) will tell.
        return isOpen && handle.filledToCapacity
    }

    private func receive(_ state: inout State, _ message: borrowing LDAPMessage) {
        let id = message.id
        guard let isSearch = state.pending.update(id, { $0.step == .search }) else {
            // An unsolicited notice, which the server sends before it disconnects (RFC 4511, section 4.4.1).
            if id == 0, message.type == CLDAP_EXTENDED_RESULT { notified(&state, message) }
            return
        }
        state.usefulUntil = state.handle?.received ?? 0
        switch message.type {
        case CLDAP_SEARCH_ENTRY, CLDAP_SEARCH_REFERENCE:
            guard isSearch else { return violated(&state, "an entry for somebody who does not search") }
            receivePart(&state, id, message)
        case CLDAP_INTERMEDIATE:
            break
        default:
            guard state.pending.update(id, { message.finish(&$0.answer) }) != false else {
                return violated(&state, "an answer that cannot be decoded")
            }
            guard let operation = state.pending.remove(id) else { return }
            state.settled.append(.init(operation.waiter, .success(operation.answer)))
        }
    }

    private func receivePart(_ state: inout State, _ id: Int32, _ message: borrowing LDAPMessage) {
        let excess: String?
        if message.type == CLDAP_SEARCH_ENTRY {
            guard let entry = message.entry() else { return violated(&state, "an entry that cannot be decoded") }
            excess = state.pending.update(id) { $0.take(entry) } ?? nil
        } else {
            excess = state.pending.update(id) { $0.takeReferral() } ?? nil
        }
        guard let excess, let operation = state.pending.remove(id) else { return }
        giveUp(&state, id, operation, .tooLarge, .sizeLimitExceeded, excess)
    }

    private func notified(_ state: inout State, _ message: borrowing LDAPMessage) {
        var answer = OperationAnswer()
        guard message.finish(&answer) else { return violated(&state, "a notice that cannot be decoded") }
        end(&state, .init(reason: .connectionLost, code: answer.code, diagnostic: answer.diagnostic))
    }

    private func violated(_ state: inout State, _ what: String) {
        end(&state, .init(reason: .protocolViolation, code: .decodingError, diagnostic: what))
    }
}

extension LDAPHandle {
    /// Why a connection is over.
    struct Ending {
        let reason: LDAPError.Reason
        let code: LDAPResultCode
        let diagnostic: String
    }
}
