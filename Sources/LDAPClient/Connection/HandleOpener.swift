internal import CLDAPShim
internal import Glibc
internal import HostSystem
internal import Synchronization

/// Makes a handle on a connected socket and sets TLS up on it: the part of opening that can only be done by waiting.
///
/// It has a thread of its own for that time, because it reads files and because libldap does the TLS handshake in one
/// call. That call ends at the deadline, or as soon as the socket is shut down.
final class HandleOpener: Sendable {
    private let configuration: LDAPConnectionConfiguration
    private let socket: OwnedDescriptor
    private let deadline: ContinuousClock.Instant
    private let result = Mutex<LDAPHandle?>(nil)
    /// How far the thread has come, for the error if it does not come back in time.
    private let step = Mutex(LDAPError.Step.connect)

    init(
        _ configuration: LDAPConnectionConfiguration,
        _ socket: OwnedDescriptor,
        deadline: ContinuousClock.Instant
    ) {
        self.configuration = configuration
        self.socket = socket
        self.deadline = deadline
    }

    /// Opens the handle on a new thread; ``take()`` has it then.
    func run() async throws(LDAPError) {
        let done = OneShot<Result<Void, LDAPError>>()
        let outcome: Result<Void, LDAPError>
        do {
            try HostThread.start(name: "ldap-open") { [self] in
                done.fill(.success(make()))
            }
            outcome = try await done.value(deadline: deadline, call: "open")
        } catch {
            // Whoever is inside of the handshake leaves it now.
            _ = shutdown(socket.descriptor, Int32(SHUT_RDWR))
            throw LDAPError(error, step: step.withLock { $0 }, server: configuration.url.description)
        }
        try outcome.get()
    }

    /// Hands the handle over, once.
    func take() -> sending LDAPHandle? {
        result.withLock { result in
            let handle = result
            result = nil
            return handle
        }
    }

    private var usesTLS: Bool {
        switch configuration.url.scheme {
        case .ldaps: true
        case .ldap: configuration.startTLS
        case .ldapi: false
        }
    }

    private func make() -> Result<Void, LDAPError> {
        do throws(LDAPError) {
            LDAPLibrary.prepare()
            // Nobody else wants the lock before this is over.
            try result.withLock { (result) throws(LDAPError) in result = try makeSecureHandle() }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func makeSecureHandle() throws(LDAPError) -> sending LDAPHandle {
        let handle = try makeHandle()
        if usesTLS {
            if configuration.url.scheme == .ldap { try startTLS(handle) }
            try handshake(handle)
        }
        return handle
    }

    private func makeHandle() throws(LDAPError) -> sending LDAPHandle {
        let url = configuration.url
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
            throw failure(.misconfigured, usesTLS ? .tls : .connect, error.code, error.diagnostic)
        }
    }

    /// Asks the server to change to TLS.
    ///
    /// Refused means failed: nothing goes on in clear text.
    private func startTLS(_ handle: LDAPHandle) throws(LDAPError) {
        step.withLock { $0 = .startTLS }
        let answer: OperationAnswer
        do {
            _ = try handle.extended(LDAP_EXOP_START_TLS)
            answer = try wait(handle)
        } catch {
            let isLate = error.code == .timeout
            throw failure(isLate ? .timedOut : .connectionLost, .startTLS, error.code, error.diagnostic)
        }
        guard answer.code == .success else {
            throw failure(.startTLSRefused, .startTLS, answer.code, answer.diagnostic)
        }
        // Whoever can write into the clear-text part of the stream must not have its say in what follows.
        guard !handle.hasInput else {
            let diagnostic = "data between the answer to StartTLS and the TLS handshake"
            throw failure(.protocolViolation, .startTLS, .decodingError, diagnostic)
        }
    }

    /// Waits for the one answer of an operation that is alone on the connection.
    private func wait(_ handle: LDAPHandle) throws(LDAPHandle.Failure) -> OperationAnswer {
        while true {
            var set = pollfd(fd: handle.descriptor, events: Int16(POLLIN), revents: 0)
            let timeout = PollTimeout.milliseconds(until: deadline)
            guard unsafe poll(&set, 1, timeout) != 0 else { throw .init(code: .timeout, diagnostic: "") }
            guard handle.fill() else { throw .init(code: .serverDown, diagnostic: "") }
            guard handle.isDataReady, let message = try handle.next() else { continue }
            var answer = OperationAnswer()
            guard message.finish(&answer) else { throw .init(code: .decodingError, diagnostic: "") }
            return answer
        }
    }

    private func handshake(_ handle: LDAPHandle) throws(LDAPError) {
        step.withLock { $0 = .tls }
        do {
            try handle.installTLS(limit: deadline - .now)
        } catch {
            // libldap rounds its time limit down to milliseconds.
            if ContinuousClock.now >= deadline - .milliseconds(10) {
                throw failure(.timedOut, .tls, .timeout, error.diagnostic)
            }
            guard error.code == .timeout else { throw failure(.tlsFailed, .tls, error.code, error.diagnostic) }
            // It says so too when the server hangs up in the middle.
            let diagnostic = "the server ended the connection in the handshake; does it speak TLS on this port?"
            throw failure(.tlsFailed, .tls, .connectError, diagnostic)
        }
    }

    private func failure(
        _ reason: LDAPError.Reason,
        _ step: LDAPError.Step,
        _ code: LDAPResultCode,
        _ diagnostic: String
    ) -> LDAPError {
        LDAPError(reason, step: step, code: code, server: configuration.url.description, diagnostic: diagnostic)
    }
}
