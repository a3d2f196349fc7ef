internal import CLDAPShim
internal import HostSystem
internal import Synchronization

/// One connection to one directory server.
///
/// Any number of operations run on it at the same time, each with its own deadline. The actor runs on a thread of its
/// own, where it calls the C library without ever waiting inside of it, except in a TLS handshake, which ends at the
/// deadline. When the last reference goes away, the connection is closed.
///
/// Writing to a connection that the server has closed never raises SIGPIPE here. A program should ignore that signal all
/// the same, because other libraries are less careful.
public actor LDAPConnection {
    /// The server and how it was reached.
    public nonisolated let configuration: LDAPConnectionConfiguration

    nonisolated let loop: ConnectionLoop
    private nonisolated let usable = Atomic(true)
    private nonisolated let suspect = Atomic(false)

    private var handle: LDAPHandle?
    private var pending = PendingOperations()
    /// Why there is no handle any more.
    private var ending: LDAPHandle.Ending?
    /// During StartTLS nothing may be read beyond the one answer: what follows must be TLS.
    private var readsOneAnswer = false

    /// The thread of the connection.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(configuration: LDAPConnectionConfiguration, loop: ConnectionLoop) {
        self.configuration = configuration
        self.loop = loop
    }

    deinit {
        loop.stop()
    }

    /// Whether the connection still works as far as is known without asking the server.
    ///
    /// A server that closes the connection is noticed at once, a machine that falls silent is not.
    public nonisolated var isUsable: Bool { usable.load(ordering: .acquiring) }

    /// Whether an operation timed out and nothing has been heard from the server since.
    public nonisolated var isSuspect: Bool { suspect.load(ordering: .acquiring) }

    /// Ends the connection; everything still waiting on it fails with ``LDAPError/Reason/closed``.
    public func close() {
        end(.init(reason: .closed, code: .localError, diagnostic: ""))
    }

    nonisolated func error(
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
}

// MARK: Setting up

extension LDAPConnection {
    /// Takes the socket over and sets TLS up on it, before anything else is done with the connection.
    func establish(_ socket: OwnedDescriptor, deadline: ContinuousClock.Instant) async -> Result<Void, LDAPError> {
        do throws(LDAPError) {
            let handle = try makeHandle(socket)
            self.handle = handle
            switch configuration.url.scheme {
            case .ldaps:
                try handshake(handle, deadline)
            case .ldap where configuration.startTLS:
                try await startTLS(deadline)
                try handshake(handle, deadline)
            case .ldap, .ldapi:
                break
            }
            return .success(())
        } catch {
            end(.init(reason: error.reason, code: error.code, diagnostic: error.diagnostic))
            return .failure(error)
        }
    }

    private func makeHandle(_ socket: OwnedDescriptor) throws(LDAPError) -> LDAPHandle {
        let url = configuration.url
        let usesTLS = url.scheme == .ldaps || (url.scheme == .ldap && configuration.startTLS)
        do throws(LDAPHandle.Failure) {
            // The host of this URL is what the certificate is compared with.
            let name = hostInURL(configuration.tls.serverName ?? url.host)
            let handle = try LDAPHandle(
                socket: socket,
                url: url.scheme == .ldapi ? url.description : "ldap://\(name):\(url.port)"
            )
            try handle.setOptions()
            if usesTLS { try handle.setTLSOptions(configuration.tls) }
            return handle
        } catch {
            throw self.error(.misconfigured, usesTLS ? .tls : .connect, error.code, error.diagnostic)
        }
    }

    /// Asks the server to change to TLS.
    ///
    /// Refused means failed: nothing goes on in clear text.
    private func startTLS(_ deadline: ContinuousClock.Instant) async throws(LDAPError) {
        readsOneAnswer = true
        defer { readsOneAnswer = false }
        let answer = try await perform(.startTLS, deadline) { handle throws(LDAPHandle.Failure) in
            try handle.extended(LDAP_EXOP_START_TLS)
        }
        guard answer.code == .success else {
            throw error(.startTLSRefused, .startTLS, answer.code, answer.diagnostic)
        }
        // Whoever can write into the clear-text part of the stream must not have its say in what follows.
        guard let handle, !handle.hasInput else {
            throw error(.protocolViolation, .startTLS, .decodingError, "data between StartTLS and the TLS handshake")
        }
    }

    private func handshake(_ handle: LDAPHandle, _ deadline: ContinuousClock.Instant) throws(LDAPError) {
        do {
            try handle.installTLS(limit: deadline - .now)
        } catch {
            let isLate = error.code == .timeout || ContinuousClock.now >= deadline
            throw self.error(isLate ? .timedOut : .tlsFailed, .tls, isLate ? .timeout : error.code, error.diagnostic)
        }
    }
}

// MARK: Operations

extension LDAPConnection {
    /// Sends a request and waits for everything that belongs to it.
    func perform(
        _ step: LDAPError.Step,
        _ deadline: ContinuousClock.Instant,
        _ send: (LDAPHandle) throws(LDAPHandle.Failure) -> Int32
    ) async throws(LDAPError) -> OperationAnswer {
        guard !Task.isCancelled else { throw error(.cancelled, step, .userCancelled) }
        guard ContinuousClock.now < deadline else { throw error(.timedOut, step, .timeout) }
        guard let handle else { throw ended(step) }
        // RFC 4511, section 4.2.1: until a bind is answered nothing else may be sent.
        guard !pending.isBinding else {
            throw error(.invalidRequest, step, .parameterError, "a bind is still under way on this connection")
        }
        let id: Int32
        do {
            handle.cork()
            id = try send(handle)
        } catch {
            throw refused(error, step)
        }
        pending.insert(id, .init(step: step, deadline: deadline))
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { pending.await(id, $0) }
        } onCancel: {
            Task { await self.cancel(id) }
        }
        return try outcome.get()
    }

    /// The request was not sent: it is impossible, or the connection is gone.
    private func refused(_ failure: LDAPHandle.Failure, _ step: LDAPError.Step) -> LDAPError {
        switch failure.code {
        case .encodingError, .filterError, .parameterError:
            return error(.invalidRequest, step, failure.code, failure.diagnostic)
        default:
            end(.init(reason: .connectionLost, code: failure.code, diagnostic: failure.diagnostic))
            return error(.connectionLost, step, failure.code, failure.diagnostic)
        }
    }

    private func ended(_ step: LDAPError.Step) -> LDAPError {
        let ending = ending ?? .init(reason: .closed, code: .localError, diagnostic: "")
        return error(ending.reason, step, ending.code, ending.diagnostic)
    }

    private func cancel(_ id: Int32) {
        guard let operation = pending.remove(id) else { return }
        giveUp(id, operation, .cancelled, .userCancelled)
    }

    /// Tells the server and the caller that nobody waits any more.
    private func giveUp(
        _ id: Int32,
        _ operation: PendingOperations.Operation,
        _ reason: LDAPError.Reason,
        _ code: LDAPResultCode
    ) {
        operation.continuation?.resume(returning: .failure(error(reason, operation.step, code, sent: true)))
        if operation.step == .bind || operation.step == .startTLS {
            // Neither can be abandoned (RFC 4511, section 4.11), and who is bound now is unknown.
            end(.init(reason: .connectionLost, code: .serverDown, diagnostic: "closed after an unanswered bind"))
        } else {
            handle?.abandon(id)
        }
    }

    /// Drops the handle and tells everybody who waits.
    private func end(_ ending: LDAPHandle.Ending) {
        guard self.ending == nil else { return }
        self.ending = ending
        usable.store(false, ordering: .releasing)
        handle = nil
        for operation in pending.removeAll() {
            let error = error(ending.reason, operation.step, ending.code, ending.diagnostic, sent: true)
            operation.continuation?.resume(returning: .failure(error))
        }
    }
}

// MARK: Socket and clock

extension LDAPConnection {
    /// Called on the thread of the connection: reads what has arrived, sends what is to be sent, ends what is late.
    nonisolated func tick(isReadable: Bool) -> ConnectionLoop.Interest? {
        assumeIsolated { $0.isolatedTick(isReadable) }
    }

    private func isolatedTick(_ isReadable: Bool) -> ConnectionLoop.Interest? {
        if isReadable { drain() }
        if let deadline = pending.nextDeadline, ContinuousClock.now >= deadline {
            for (id, operation) in pending.removeExpired(at: .now) {
                suspect.store(true, ordering: .releasing)
                giveUp(id, operation, .timedOut, .timeout)
            }
        }
        guard let handle else { return nil }
        guard handle.flush() else {
            end(.init(reason: .connectionLost, code: .serverDown, diagnostic: ""))
            return nil
        }
        return .init(
            descriptor: handle.descriptor,
            wantsWrite: handle.wantsWrite,
            deadline: pending.nextDeadline
        )
    }

    private func drain() {
        while let handle {
            let isOpen = handle.fill()
            do {
                while handle.isDataReady, let message = try handle.next() {
                    suspect.store(false, ordering: .releasing)
                    receive(message)
                    guard self.handle != nil, !readsOneAnswer else { return }
                }
            } catch {
                end(.init(reason: .connectionLost, code: error.code, diagnostic: error.diagnostic))
                return
            }
            if !isOpen {
                end(.init(reason: .connectionLost, code: .serverDown, diagnostic: ""))
                return
            }
            // A full buffer means that there may be more; otherwise poll(2) will tell.
            if !handle.filledToCapacity { return }
        }
    }

    private func receive(_ message: borrowing LDAPMessage) {
        let id = message.id
        switch message.type {
        case CLDAP_SEARCH_ENTRY:
            guard let entry = message.entry() else { return violated("an entry that cannot be decoded") }
            _ = pending.update(id) { $0.entries.append(entry) }
        case CLDAP_SEARCH_REFERENCE:
            _ = pending.update(id) { $0.referralCount += 1 }
        case CLDAP_INTERMEDIATE:
            break
        default:
            // An unsolicited notice, which the server sends before it disconnects (RFC 4511, section 4.4.1).
            if id == 0 { return notified(message) }
            guard pending.update(id, { message.finish(&$0) }) != false else {
                return violated("an answer that cannot be decoded")
            }
            guard let operation = pending.remove(id) else { return }
            operation.continuation?.resume(returning: .success(operation.answer))
        }
    }

    private func notified(_ message: borrowing LDAPMessage) {
        var answer = OperationAnswer()
        guard message.finish(&answer) else { return violated("a notice that cannot be decoded") }
        end(.init(reason: .connectionLost, code: answer.code, diagnostic: answer.diagnostic))
    }

    private func violated(_ what: String) {
        end(.init(reason: .protocolViolation, code: .decodingError, diagnostic: what))
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
