import Foundation
import Glibc
import HostSystem
import Testing

@Suite("LocalListener", .timeLimit(.minutes(1)))
struct LocalListenerTests {
    private func soon() -> ContinuousClock.Instant { .now + .seconds(10) }

    private func connect(_ path: String) async throws -> OwnedDescriptor {
        try await NonBlockingSocket.connect(to: try #require(SocketAddress(unixPath: path)), deadline: soon())
    }

    @Test("gives out connections, whose other end the kernel names, and removes its file at the end")
    func accepts() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("s")
        let listener = try LocalListener.open(path, mode: 0o666)
        #expect(try HostFile.facts(of: path).mode == 0o666)
        let client = try await connect(path)
        let connection = try await listener.accept(deadline: soon())
        #expect(fcntl(connection.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(connection.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(try PeerCredentials(of: connection.descriptor).userID == geteuid())
        #expect(try PeerCredentials(of: client.descriptor).processID == getpid())
        listener.close()
        #expect(try !HostFile.exists(path))
    }

    @Test("ends its wait at the deadline and when it is cancelled")
    func waits() async throws {
        let scratch = try ScratchDirectory()
        let listener = try LocalListener.open(scratch.file("s"), mode: 0o600)
        let late = await #expect(throws: HostError.self) {
            try await listener.accept(deadline: .now + .milliseconds(10))
        }
        #expect(late?.reason == .timedOut)
        let task = Task { try await listener.accept(deadline: .now + .seconds(100)) }
        task.cancel()
        let cancelled = await #expect(throws: HostError.self) { try await task.value }
        #expect(cancelled?.reason == .cancelled)
    }

    @Test("leaves a living listener alone, with or without our lock beside it")
    func living() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("s")
        let listener = try LocalListener.open(path, mode: 0o600)
        #expect(throws: HostError(.system(EADDRINUSE), call: "bind", subject: path)) {
            try LocalListener.open(path, mode: 0o600)
        }
        try FileManager.default.removeItem(atPath: path + ".lock")
        #expect(throws: HostError(.system(EADDRINUSE), call: "bind", subject: path)) {
            try LocalListener.open(path, mode: 0o600)
        }
        _ = try await connect(path)
        _ = try await listener.accept(deadline: soon())
    }

    @Test("takes the place of what a crash has left, and of nothing else")
    func stale() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("s")
        let dead = OwnedDescriptor(adopting: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        let address = try #require(SocketAddress(unixPath: path))
        let bound = unsafe address.bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return Int32(-1) }
            return unsafe bind(
                dead.descriptor,
                base.assumingMemoryBound(to: sockaddr.self),
                socklen_t(raw.count)
            )
        }
        #expect(bound == 0)
        dead.close()
        let listener = try LocalListener.open(path, mode: 0o600)
        _ = try await connect(path)
        _ = try await listener.accept(deadline: soon())

        let file = scratch.file("file")
        try HostFile.writeAtomically("precious".utf8, to: file)
        #expect(throws: HostError.self) { try LocalListener.open(file, mode: 0o600) }
        #expect(try HostFile.read(file, limit: 100) == Array("precious".utf8))
    }

    @Test("does not remove what somebody has put in its place")
    func replaced() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("s")
        let listener = try LocalListener.open(path, mode: 0o600)
        try FileManager.default.removeItem(atPath: path)
        try HostFile.writeAtomically("another's".utf8, to: path)
        listener.close()
        #expect(try HostFile.read(path, limit: 100) == Array("another's".utf8))
    }

    @Test("is not opened where others may write, where nothing is, or under too long a name")
    func refused() throws {
        let scratch = try ScratchDirectory()
        unsafe chmod(scratch.path, 0o777)
        #expect(throws: HostError.self) { try LocalListener.open(scratch.file("s"), mode: 0o600) }
        unsafe chmod(scratch.path, 0o700)
        #expect(throws: HostError.self) { try LocalListener.open(scratch.file("none/s"), mode: 0o600) }
        let long = scratch.file(String(repeating: "s", count: 108))
        #expect(throws: HostError.self) { try LocalListener.open(long, mode: 0o600) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    }

    @Test("refuses connections once it has stopped, and keeps the file")
    func stopped() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("s")
        let listener = try LocalListener.open(path, mode: 0o600)
        listener.stop()
        let error = await #expect(throws: HostError.self) { try await connect(path) }
        #expect(error?.code == ECONNREFUSED)
        #expect(try HostFile.exists(path))
    }
}
