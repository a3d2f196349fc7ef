public import EnterpriseAuth
public import HostSystem
public import Logging
internal import Synchronization

/// Answers the programs of this host over a Unix-domain socket, as `docs/local-socket.md` describes.
///
/// Everybody on the host may connect; the kernel says who they are. Everybody may log in and use what their token
/// opens. Root and the service's own user may see and end all, clear the throttle and reload.
public final class LocalSocketServer: Sendable {
    private struct State {
        var listener: LocalListener?
        var connections: [UInt64: (connection: LocalConnection, task: Task<Void, Never>)] = [:]
        var lastID: UInt64 = 0
    }

    /// The socket's path.
    public let path: String

    private let manager: LoginManager
    private let reload: @Sendable () async -> ReloadResult
    private let serviceUserID: UInt32
    private let limits: LocalSocketLimits
    private let ledger: CallerLedger
    private let logger: Logger
    private let state = Mutex(State())

    private let opener = BlockingExecutor(name: "local-socket", width: 1, queueLimit: 0)

    /// Makes a server; nothing is opened yet.
    /// - Parameters:
    ///   - manager: Who answers.
    ///   - path: The socket's path.
    ///   - serviceUserID: The user whose service it is.
    ///   - limits: How much one user of the host may take up.
    ///   - logger: Takes what the operator should see.
    ///   - reload: Reads the configuration again.
    public init(
        manager: LoginManager,
        path: String,
        serviceUserID: UInt32 = HostEnvironment.effectiveUserID,
        limits: LocalSocketLimits = LocalSocketLimits(),
        logger: Logger = Logger(label: "ent-login.socket"),
        reload: @escaping @Sendable () async -> ReloadResult
    ) {
        (self.manager, self.path, self.reload) = (manager, path, reload)
        (self.serviceUserID, self.limits, self.logger) = (serviceUserID, limits, logger)
        ledger = CallerLedger(limits)
    }

    /// Opens the socket; from now on programs may connect, and wait for `run()`.
    ///
    /// Worth calling before the service says that it is ready, so that what is in the way is an error of the start.
    /// - Throws: ``LocalSocketError``.
    public func open() async throws(LocalSocketError) {
        guard state.withLock({ $0.listener == nil }) else { return }
        let listener: LocalListener
        do throws(HostError) {
            listener = try await opener.run(deadline: .now + .seconds(10)) { [path] () throws(HostError) in
                try LocalListener.open(path, mode: 0o666)
            }
        } catch {
            throw error.isAddressInUse ? .inUse(path: path) : .notOpened(path: path, error)
        }
        state.withLock { $0.listener = listener }
    }

    /// Answers until its task is cancelled; then what has been asked is answered, and the socket's file removed.
    /// - Throws: ``LocalSocketError`` if the socket cannot be opened, or breaks.
    public func run() async throws(LocalSocketError) {
        try await open()
        guard let listener = state.withLock({ $0.listener }) else { return }
        let failure = await accept(from: listener)
        listener.stop()
        // This task is cancelled already; what is being answered must not be.
        await Task { await self.finish() }.value
        listener.close()
        state.withLock { $0.listener = nil }
        if let failure { throw .notOpened(path: path, failure) }
    }

    /// How long a login may take: whatever it does within its deadline, then the store's second.
    private var loginTime: Duration {
        let login = manager.login
        return login.deadline + login.refusalTime + .seconds(5)
    }

    /// Takes connections in until the task is cancelled.
    private func accept(from listener: LocalListener) async -> HostError? {
        while !Task.isCancelled {
            do throws(HostError) {
                admit(try await listener.accept(deadline: .now + .seconds(3600)))
            } catch {
                switch error.reason {
                case .cancelled: return nil
                case .timedOut: continue
                default: break
                }
                // No descriptor or no memory left, which passes; connections wait meanwhile.
                guard error.isShortage else { return error }
                logger.error("no connection can be taken in", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        return nil
    }

    private func admit(_ descriptor: OwnedDescriptor) {
        // Who has gone again, or is in no namespace of ours, is nobody.
        guard let peer = try? PeerCredentials(of: descriptor.descriptor) else { return }
        let socket = FramedSocket(
            adopting: descriptor,
            receiveLimit: LocalProtocol.requestLimit,
            sendLimit: LocalProtocol.answerLimit
        )
        let caller = LocalCaller(peer, serviceUserID: serviceUserID)
        guard ledger.enter(caller) else {
            logger.debug("a connection is turned away", metadata: ["caller": "\(caller.label ?? "")"])
            let answer = LocalAnswer(.unavailable, "There are too many connections. Please try again in a moment.")
            // There is room for it in a new socket; a deadline that is over waits for nothing.
            if let frame = try? answer.frame() { try? socket.sendBlocking(frame, deadline: .now) }
            socket.close()
            return
        }
        let conversation = LocalConversation(manager, caller: caller, logger: logger, reload: reload)
        let connection = LocalConnection(
            socket,
            conversation,
            caller: caller,
            ledger: ledger,
            limits: limits,
            loginTime: loginTime,
            logger: logger
        )
        state.withLock { state in
            state.lastID += 1
            let id = state.lastID
            let task = Task {
                await connection.run()
                self.ledger.leave(caller)
                _ = self.state.withLock { $0.connections.removeValue(forKey: id) }
            }
            state.connections[id] = (connection, task)
        }
    }

    /// Lets requests that are being answered come to their end, and no longer than they may take.
    private func finish() async {
        let connections = state.withLock { Array($0.connections.values) }
        for (connection, _) in connections { connection.stop() }
        let over = OneShot<Void>()
        let waiting = Task {
            for (_, task) in connections { await task.value }
            over.fill(.success(()))
        }
        let patience = max(loginTime, limits.answering) + limits.reading
        do throws(HostError) {
            try await over.value(deadline: .now + patience, call: "finish")
        } catch {
            logger.warning("connections are cut off", metadata: ["error": "\(error)"])
            for (connection, task) in connections {
                connection.close()
                task.cancel()
            }
        }
        waiting.cancel()
    }
}

extension HostError {
    /// EADDRINUSE (errno(3)).
    fileprivate var isAddressInUse: Bool { code == 98 }

    /// ENFILE, EMFILE, ENOBUFS, ENOMEM, EINTR (errno(3)).
    fileprivate var isShortage: Bool { code.map { [23, 24, 105, 12, 4].contains($0) } ?? false }
}
