import Foundation
import Glibc
import HostSystem
import TestBed
import Testing

@Suite("ChildProcess", .timeLimit(.minutes(1)))
struct ChildProcessTests {
    private func soon() -> ContinuousClock.Instant { .now + .seconds(20) }

    /// Runs a program to its end and returns what it wrote.
    private func output(
        of executable: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        extra: [Int32] = []
    ) async throws -> String {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let (read, write) = (OwnedDescriptor(adopting: ends[0]), OwnedDescriptor(adopting: ends[1]))
        var descriptors: [Int32: Int32] = [1: write.descriptor]
        for number in extra { descriptors[number] = read.descriptor }
        let child = try ChildProcess.spawn(
            executable: executable,
            arguments: arguments,
            environment: environment,
            descriptors: descriptors
        )
        #expect(try await child.wait(deadline: soon()) == .exited(0))
        write.close()
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe Glibc.read(read.descriptor, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }

    private func processExists(_ processID: Int32) -> Bool {
        FileManager.default.fileExists(atPath: "/proc/\(processID)")
    }

    @Test("tells how the child ended, and leaves no zombie", arguments: [0, 1, 77, 255])
    func exitCodes(code: Int32) async throws {
        let child = try ChildProcess.spawn(executable: "/bin/sh", arguments: ["-c", "exit \(code)"])
        #expect(try await child.wait(deadline: soon()) == .exited(code))
        #expect(try await child.wait(deadline: .now) == .exited(code))
        #expect(child.exitStatus == .exited(code))
        #expect(!processExists(child.processID))
    }

    @Test("tells that the child crashed")
    func crash() async throws {
        let child = try ChildProcess.spawn(executable: "/bin/sh", arguments: ["-c", "ulimit -c 0; kill -SEGV $$"])
        #expect(try await child.wait(deadline: soon()) == .signalled(SIGSEGV))
        #expect(!processExists(child.processID))
    }

    @Test("gives up waiting at the deadline or when cancelled, and can kill afterwards")
    func hangingChild() async throws {
        let child = try ChildProcess.spawn(executable: "/bin/sleep", arguments: ["1000"])
        let punctuality = Punctuality(within: .milliseconds(50))
        let late = await #expect(throws: HostError.self) { try await child.wait(deadline: punctuality.deadline) }
        #expect(late?.reason == .timedOut)
        #expect(await punctuality.isKept())
        let waiting = Task { try await child.wait(deadline: soon()) }
        waiting.cancel()
        let cancelled = await #expect(throws: HostError.self) { try await waiting.value }
        #expect(cancelled?.reason == .cancelled)
        #expect(child.exitStatus == nil)
        child.kill()
        #expect(try await child.wait(deadline: soon()) == .signalled(SIGKILL))
        #expect(!processExists(child.processID))
        child.kill()
    }

    @Test("kills the whole process group, also when only the leader has ended")
    func group() async throws {
        for script in ["sleep 1000 & echo $! >&3; wait", "sleep 1000 & echo $! >&3"] {
            var ends: [Int32] = [-1, -1]
            #expect(unsafe pipe(&ends) == 0)
            let (read, write) = (OwnedDescriptor(adopting: ends[0]), OwnedDescriptor(adopting: ends[1]))
            let child = try ChildProcess.spawn(
                executable: "/bin/sh",
                arguments: ["-c", script],
                descriptors: [3: write.descriptor]
            )
            var buffer = [UInt8](repeating: 0, count: 32)
            let count = unsafe Glibc.read(read.descriptor, &buffer, buffer.count)
            let text = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self).dropLast()
            let grandchild = try #require(Int32(text))
            if script.hasSuffix("wait") { child.kill() }
            _ = try await child.wait(deadline: soon())
            // Whoever adopts orphans here may leave it as a zombie; it must not run.
            #expect(
                await eventually {
                    let status = (try? String(contentsOfFile: "/proc/\(grandchild)/stat", encoding: .utf8)) ?? ") Z"
                    return status.contains(") Z")
                }
            )
        }
    }

    @Test("a child that nobody holds any more is killed and reaped, and its descriptors are closed")
    func abandonedChild() async throws {
        var child: ChildProcess? = try ChildProcess.spawn(executable: "/bin/sleep", arguments: ["1000"])
        let processID = try #require(child?.processID)
        let pidfd = try #require(
            OpenDescriptors.numbers().first { number in
                let facts = try? String(contentsOfFile: "/proc/self/fdinfo/\(number)", encoding: .utf8)
                return facts?.contains("Pid:\t\(processID)\n") == true
            }
        )
        child = nil
        _ = child
        #expect(await eventually { !processExists(processID) })
        #expect(
            await eventually {
                let facts = try? String(contentsOfFile: "/proc/self/fdinfo/\(pidfd)", encoding: .utf8)
                return facts?.contains("Pid:\t-1\n") != true
            }
        )
    }

    @Test("gives the child exactly the environment and the descriptors that are named")
    func isolation() async throws {
        let environment = try await output(of: "/usr/bin/env", [], environment: ["ONLY": "this one"])
        #expect(environment == "ONLY=this one\n")
        // ls opens the directory itself: the lowest free number.
        let plain = try await output(of: "/bin/ls", ["/proc/self/fd"])
        #expect(plain == "0\n1\n2\n3\n")
        let extra = try await output(of: "/bin/ls", ["/proc/self/fd"], extra: [5])
        #expect(extra == "0\n1\n2\n3\n5\n")
        let input = try await output(of: "/usr/bin/readlink", ["/proc/self/fd/0"])
        #expect(input == "/dev/null\n")
    }

    @Test("resets signals, and leads a session and a group of its own")
    func signals() async throws {
        let status = try await output(of: "/bin/cat", ["/proc/self/status"])
        for name in ["SigBlk", "SigIgn"] {
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name) })
            let mask = try #require(UInt64(line.suffix(16), radix: 16))
            // glibc keeps the signals 32 and 33 for itself and leaves them ignored in a child.
            #expect(mask & ~(3 << 31) == 0, "\(line)")
        }
        let fields = try await output(of: "/bin/cat", ["/proc/self/stat"]).split(separator: " ").compactMap { Int($0) }
        // proc(5): pid, ppid, pgrp, session, tty.
        #expect(fields[2] == fields[0])
        #expect(fields[3] == fields[0])
        #expect(fields[4] == 0)
    }

    @Test("says which program cannot be started")
    func noProgram() throws {
        let error = #expect(throws: HostError.self) { try ChildProcess.spawn(executable: "/nonexistent/program") }
        #expect(error?.isNotFound == true)
        #expect(error?.subject == "/nonexistent/program")
        #expect(throws: HostError.self) {
            try ChildProcess.spawn(executable: "/bin/sh", arguments: ["-c", "exit 0\0exit 1"])
        }
    }
}
