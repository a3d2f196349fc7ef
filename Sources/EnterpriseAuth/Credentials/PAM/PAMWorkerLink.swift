internal import HostSystem
internal import PAMClient

/// One running worker, and this side's end of its socket.
///
/// It goes with its last reference: a worker that nobody holds is killed.
final class PAMWorkerLink: Sendable {
    /// What the worker is.
    private enum Body {
        case process(ChildProcess)
        case thread
    }

    private let body: Body
    private let socket: FramedSocket
    private let watch: Task<Void, Never>

    /// Starts a worker.
    /// - Parameter execution: Where it runs.
    /// - Throws: `HostError` if the program is not there or the host has no room for another process.
    init(_ execution: PAMExecution) throws(HostError) {
        let (mine, theirs) = try FramedSocket.pair()
        socket = mine
        switch execution {
        case .worker(let executable, let arguments):
            let child = try ChildProcess.spawn(
                executable: executable,
                arguments: arguments,
                // A backtrace of a crash would print memory.
                environment: ["SWIFT_BACKTRACE": "enable=no"],
                descriptors: [PAMExecution.workerDescriptor: theirs.descriptor]
            )
            theirs.close()
            body = .process(child)
            watch = Self.watch(child, mine)
        case .inProcess:
            let (end, reachedEnd) = AsyncStream<Never>.makeStream()
            try HostThread.start(name: "pam-worker") {
                PAMWorker.serve(FramedSocket(adopting: theirs))
                reachedEnd.finish()
            }
            body = .thread
            watch = Task.detached {
                for await _ in end {}
            }
        }
    }

    deinit {
        kill()
    }

    /// Whether it can still be asked something.
    var isRunning: Bool {
        switch body {
        case .process(let child): child.exitStatus == nil
        case .thread: true
        }
    }

    /// Whether `kill()` ends it at once.
    var isProcess: Bool {
        if case .process = body { true } else { false }
    }

    /// Sends one message and waits for the reply to it.
    ///
    /// After an error nobody knows what the worker is doing: it must be killed.
    /// - Parameters:
    ///   - request: What to say.
    ///   - deadline: When to give up.
    /// - Returns: What it says.
    /// - Throws: `PAMWorkerFailure` if it is late, dies, or speaks something else.
    func exchange(
        _ request: PAMWorkerRequest,
        deadline: ContinuousClock.Instant
    ) async throws(PAMWorkerFailure) -> PAMWorkerReply {
        let frame: SecretBytes?
        do throws(HostError) {
            try await socket.send(request.frame(), deadline: deadline)
            frame = try await socket.receive(deadline: deadline)
        } catch {
            switch error.reason {
            case .timedOut: throw PAMWorkerFailure(.timeout, "the PAM stack gave no answer before the deadline")
            case .cancelled: throw PAMWorkerFailure(.cancelled, "cancelled while the PAM stack was asked")
            default: throw PAMWorkerFailure(.workerDied, await lastWords(deadline))
            }
        }
        guard let frame else { throw PAMWorkerFailure(.workerDied, await lastWords(deadline)) }
        do {
            return try PAMWorkerReply(frame: frame)
        } catch {
            throw PAMWorkerFailure(.misconfigured, "the PAM worker is of another version: restart the service")
        }
    }

    /// Ends the worker: a process at once, with all that it has started in its group; a thread when its modules return.
    func kill() {
        socket.close()
        if case .process(let child) = body { child.kill() }
    }

    /// Waits until nothing is left of the worker.
    func end() async {
        await watch.value
    }

    /// How a worker that has hung up ended; the process may need a moment to die.
    private func lastWords(_ deadline: ContinuousClock.Instant) async -> String {
        guard case .process(let child) = body else { return "the PAM worker thread ended" }
        let status = try? await child.wait(deadline: min(deadline, .now + .milliseconds(200)))
        guard let status else { return "the PAM worker process \(child.processID) hung up" }
        return "the PAM worker process \(child.processID) \(status)"
    }

    /// Closes the socket when the process ends: something that it has started may hold the other end open.
    private static func watch(_ child: ChildProcess, _ socket: FramedSocket) -> Task<Void, Never> {
        Task.detached {
            while (try? await child.wait(deadline: .now + .seconds(3600))) == nil {}
            socket.close()
        }
    }
}
