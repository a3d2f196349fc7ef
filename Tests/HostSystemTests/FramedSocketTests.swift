import Foundation
import Glibc
import HostSystem
import TestBed
import Testing

@Suite("FramedSocket", .timeLimit(.minutes(1)))
struct FramedSocketTests {
    private func soon() -> ContinuousClock.Instant { .now + .seconds(20) }

    /// A framed end and the raw descriptor of the other.
    private func ends() throws -> (FramedSocket, OwnedDescriptor) {
        let (mine, child) = try FramedSocket.pair()
        return (mine, child)
    }

    private func write(_ bytes: [UInt8], to descriptor: OwnedDescriptor) {
        #expect(unsafe Glibc.write(descriptor.descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test("carries messages of every size both ways through a child", arguments: [0, 1, 3, 4096, 65536])
    func echo(size: Int) async throws {
        let (mine, end) = try FramedSocket.pair()
        let child = try ChildProcess.spawn(
            executable: "/bin/sh",
            arguments: ["-c", "exec cat <&3 >&3"],
            descriptors: [3: end.descriptor]
        )
        end.close()
        for seed in 0..<3 {
            let frame = SecretBytes((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) })
            try await mine.send(frame, deadline: soon())
            #expect(try await mine.receive(deadline: soon()) == frame)
        }
        mine.close()
        #expect(try await child.wait(deadline: soon()) == .exited(0))
    }

    @Test("writes the length with the most significant byte first")
    func format() async throws {
        let (mine, other) = try ends()
        try await mine.send(SecretBytes([7, 8, 9]), deadline: soon())
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(unsafe read(other.descriptor, &buffer, buffer.count) == 7)
        #expect(buffer.prefix(7) == [0, 0, 0, 3, 7, 8, 9])
    }

    @Test("keeps what has arrived of a message when the deadline passes")
    func partialMessage() async throws {
        let (mine, other) = try ends()
        for part: [UInt8] in [[], [0, 0], [0, 2], [65]] {
            write(part, to: other)
            let error = await #expect(throws: HostError.self) {
                try await mine.receive(deadline: .now + .milliseconds(10))
            }
            #expect(error?.reason == .timedOut)
        }
        write([66, 0, 0, 0, 1, 67], to: other)
        #expect(try await mine.receive(deadline: soon()) == SecretBytes("AB".utf8))
        #expect(try mine.receiveBlocking(deadline: soon()) == SecretBytes("C".utf8))
    }

    @Test("tells an end between messages from one inside a message")
    func endOfStream() async throws {
        let (clean, other) = try ends()
        other.close()
        #expect(try await clean.receive(deadline: soon()) == nil)
        #expect(try clean.receiveBlocking() == nil)
        for part: [UInt8] in [[0], [0, 0, 0, 2], [0, 0, 0, 2, 65]] {
            let (mine, other) = try ends()
            write(part, to: other)
            other.close()
            let error = await #expect(throws: HostError.self) { try await mine.receive(deadline: soon()) }
            #expect(error?.reason == .closed)
        }
    }

    @Test("refuses messages that are too long, to send and to receive")
    func tooLong() async throws {
        let (mine, other) = try ends()
        let long = SecretBytes([UInt8](repeating: 0, count: FramedSocket.frameLimit + 1))
        let sending = await #expect(throws: HostError.self) { try await mine.send(long, deadline: soon()) }
        #expect(sending?.reason == .tooLarge(limit: 65536))
        write([0, 1, 0, 1], to: other)
        let receiving = await #expect(throws: HostError.self) { try await mine.receive(deadline: soon()) }
        #expect(receiving?.reason == .tooLarge(limit: 65536))
    }

    @Test("fails when the other side has gone, without a signal")
    func peerGone() async throws {
        let (mine, other) = try ends()
        other.close()
        let error = await #expect(throws: HostError.self) {
            try await mine.send(SecretBytes([1]), deadline: soon())
        }
        #expect(error?.reason == .closed)
        let again = #expect(throws: HostError.self) { try mine.sendBlocking(SecretBytes([1])) }
        #expect(again?.reason == .closed)
    }

    @Test("gives up sending to a side that never reads, and does not go on in the middle of a message")
    func mutePeer() async throws {
        let (mine, other) = try ends()
        let frame = SecretBytes([UInt8](repeating: 1, count: FramedSocket.frameLimit))
        let punctuality = Punctuality(within: .milliseconds(100))
        let error = await #expect(throws: HostError.self) {
            for _ in 0..<1000 { try await mine.send(frame, deadline: punctuality.deadline) }
        }
        #expect(error?.reason == .timedOut)
        #expect(await punctuality.isKept())
        #expect(throws: HostError.self) { try mine.sendBlocking(frame, deadline: .now + .milliseconds(10)) }
        #expect(other.descriptor >= 0)
    }

    @Test("wakes whoever waits when it is closed or the task is cancelled")
    func wakeUp() async throws {
        let (mine, _) = try ends()
        let (other, held) = try ends()
        mine.close()
        #expect(try await mine.receive(deadline: soon()) == nil)
        let waiting = Task { try await other.receive(deadline: soon()) }
        try await Task.sleep(for: .milliseconds(10))
        other.close()
        #expect(try await waiting.value == nil)
        let (third, alsoHeld) = try ends()
        let cancelled = Task { try await third.receive(deadline: soon()) }
        cancelled.cancel()
        let error = await #expect(throws: HostError.self) { try await cancelled.value }
        #expect(error?.reason == .cancelled)
        #expect(held.descriptor >= 0 && alsoHeld.descriptor >= 0)
    }

    @Test("blocking calls keep to their deadline too")
    func blockingDeadline() async throws {
        let (mine, other) = try ends()
        let deadline = ContinuousClock.now + .milliseconds(50)
        let error = await #expect(throws: HostError.self) {
            try await aside { () throws(HostError) in try mine.receiveBlocking(deadline: deadline) }
        }
        #expect(error?.reason == .timedOut)
        #expect(ContinuousClock.now >= deadline)
        #expect(ContinuousClock.now < deadline + .seconds(1))
        #expect(other.descriptor >= 0)
    }

    @Test("keeps to the limits that its two sides have agreed on")
    func limits() async throws {
        let (_, end) = try FramedSocket.pair()
        let socket = FramedSocket(adopting: end, receiveLimit: 2, sendLimit: 3)
        let error = await #expect(throws: HostError.self) {
            try await socket.send(SecretBytes("abcd".utf8), deadline: soon())
        }
        #expect(error?.reason == .tooLarge(limit: 3))
        let (mine, child) = try FramedSocket.pair()
        let small = FramedSocket(adopting: child, receiveLimit: 2, sendLimit: 100_000)
        try await small.send(SecretBytes("abcd".utf8), deadline: soon())
        #expect(try await mine.receive(deadline: soon()) == SecretBytes("abcd".utf8))
        try await mine.send(SecretBytes("abc".utf8), deadline: soon())
        let long = await #expect(throws: HostError.self) { try await small.receive(deadline: soon()) }
        #expect(long?.reason == .tooLarge(limit: 2))
    }
}
