import Glibc
import HostSystem
import TestBed
import Testing

@Suite("NonBlockingSocket", .timeLimit(.minutes(1)))
struct NonBlockingSocketTests {
    private func soon() -> ContinuousClock.Instant { .now + .seconds(10) }

    @Test("connects a non-blocking, close-on-exec socket without delayed small writes")
    func connects() async throws {
        let listener = try LoopbackSocket()
        let socket = try await NonBlockingSocket.connect(to: listener.address, deadline: soon())
        _ = try listener.accept()
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        var noDelay: Int32 = 0
        var length = socklen_t(4)
        #expect(unsafe getsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, &length) == 0)
        #expect(noDelay == 1)
        #expect(OpenDescriptors.connected(toPort: listener.port) == 1)
        socket.close()
        #expect(OpenDescriptors.connected(toPort: listener.port) == 0)
        #expect(socket.descriptor == -1)
    }

    @Test("says that nobody listens")
    func refused() async throws {
        let bound = try LoopbackSocket(backlog: nil)
        let error = await #expect(throws: HostError.self) {
            try await NonBlockingSocket.connect(to: bound.address, deadline: soon())
        }
        #expect(error?.code == ECONNREFUSED)
        #expect(error?.subject == "127.0.0.1:\(bound.port)")
    }

    @Test("connects to a path, and says which path when there is nothing")
    func unixPath() async throws {
        let scratch = try ScratchDirectory()
        let address = try #require(SocketAddress(unixPath: scratch.file("s")))
        let error = await #expect(throws: HostError.self) {
            try await NonBlockingSocket.connect(to: address, deadline: soon())
        }
        #expect(error?.isNotFound == true)
        #expect(error?.subject == address.description)

        let listener = OwnedDescriptor(adopting: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        let bound = unsafe address.bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return Int32(-1) }
            return unsafe bind(
                listener.descriptor,
                base.assumingMemoryBound(to: sockaddr.self),
                socklen_t(raw.count)
            )
        }
        #expect(bound == 0)
        #expect(listen(listener.descriptor, 0) == 0)
        let first = try await NonBlockingSocket.connect(to: address, deadline: soon())
        #expect(first.descriptor >= 0)
        // With the queue full the next ones wait until the deadline.
        var held = [first]
        let full = await #expect(throws: HostError.self) {
            for _ in 0..<10 {
                held.append(try await NonBlockingSocket.connect(to: address, deadline: .now + .milliseconds(50)))
            }
        }
        #expect(full?.reason == .timedOut)
    }

    /// A listener whose queue is full: Linux drops further handshakes, so a connect hangs as at a black hole.
    private func blackHole() async throws -> (LoopbackSocket, [OwnedDescriptor]) {
        let listener = try LoopbackSocket(backlog: 0)
        var held: [OwnedDescriptor] = []
        for _ in 0..<10 {
            do {
                held.append(
                    try await NonBlockingSocket.connect(to: listener.address, deadline: .now + .milliseconds(50))
                )
            } catch {
                break
            }
        }
        return (listener, held)
    }

    @Test("gives up at the deadline and closes the socket")
    func deadline() async throws {
        let (listener, held) = try await blackHole()
        let punctuality = Punctuality(within: .milliseconds(100))
        let error = await #expect(throws: HostError.self) {
            try await NonBlockingSocket.connect(to: listener.address, deadline: punctuality.deadline)
        }
        #expect(error?.reason == .timedOut)
        #expect(await punctuality.isKept())
        #expect(OpenDescriptors.connected(toPort: listener.port) == held.count)
    }

    @Test("closes the socket when the task is cancelled, before or during the wait")
    func cancellation() async throws {
        let (listener, _) = try await blackHole()
        let address = try listener.address
        let waiting = Task { try await NonBlockingSocket.connect(to: address, deadline: .now + .seconds(30)) }
        try await Task.sleep(for: .milliseconds(20))
        waiting.cancel()
        let error = await #expect(throws: HostError.self) { try await waiting.value }
        #expect(error?.reason == .cancelled)
        let early = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            _ = try await NonBlockingSocket.connect(to: address, deadline: .now + .seconds(30))
        }
        await #expect(throws: HostError.self) { try await early.value }
    }
}
