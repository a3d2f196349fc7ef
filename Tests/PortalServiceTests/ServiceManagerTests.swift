import Foundation
import TestBed
import TestWeb
import Testing

@Suite("The portal and the service manager", .serialized)
struct ServiceManagerTests {
    /// What listens at `$NOTIFY_SOCKET`.
    private final class Manager: Sendable {
        private static let script = """
            import socket, sys
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listener.bind(sys.argv[1])
            while True:
                print(listener.recv(4096).decode() + "\\0", end="", flush=True)
            """
        private let program: RunningProgram

        init(at path: String) async throws {
            program = try RunningProgram("python3", ["-c", Self.script, path])
            let isThere = await ProcessCensus.wait(upTo: .seconds(60)) { FileManager.default.fileExists(atPath: path) }
            try #require(isThere, "\(program.errors)")
        }

        deinit { program.signal(SIGKILL) }

        /// What has been said, message by message.
        var messages: [String] { program.output.split(separator: "\0").map(String.init) }

        func wait(for text: String, times: Int = 1) async -> Bool {
            await ProcessCensus.wait(upTo: .seconds(20)) { self.messages.count { $0.contains(text) } >= times }
        }
    }

    @Test("It says when it is ready, reloads, is alive and stops")
    func notifications() async throws {
        let world = try await ServiceWorld()
        let path = world.scratch.path("notify.socket")
        let manager = try await Manager(at: path)
        let environment = ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "300000", "WATCHDOG_PID": nil]
        let program = try await world.start(environment: environment)
        #expect(await manager.wait(for: "READY=1"))
        #expect(await manager.wait(for: "WATCHDOG=1", times: 3))
        program.signal(SIGHUP)
        #expect(await manager.wait(for: "READY=1", times: 2))
        let messages = manager.messages
        let begin = try #require(messages.firstIndex { $0.contains("RELOADING=1") })
        let end = try #require(messages.lastIndex { $0.contains("READY=1") })
        #expect(begin < end)
        let time = messages[begin].split(separator: "\n").first { $0.hasPrefix("MONOTONIC_USEC=") }
        #expect(UInt64(time?.split(separator: "=").last ?? "") ?? 0 > 0, "\(messages[begin])")
        program.signal(SIGTERM)
        #expect(await manager.wait(for: "STOPPING=1"))
        #expect(await program.finish().status == 0)
    }

    @Test("A watchdog that is meant for another process is left alone")
    func anothersWatchdog() async throws {
        let world = try await ServiceWorld()
        let path = world.scratch.path("notify.socket")
        let manager = try await Manager(at: path)
        let environment = ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "60000", "WATCHDOG_PID": "1"]
        try await world.start(environment: environment)
        #expect(await manager.wait(for: "READY=1"))
        #expect(try await world.browser(of: "alice").isLoggedIn())
        #expect(!manager.messages.contains { $0.contains("WATCHDOG=1") })
    }

    /// Opens sockets as systemd does, and becomes the program: LISTEN_PID must be its own.
    private static let launcher = """
        import os, socket, sys
        names, ports, program = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
        for index, port in enumerate(ports):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", int(port)))
            listener.listen(128)
            os.dup2(listener.fileno(), 100 + index)
        for index in range(len(ports)):
            os.dup2(100 + index, 3 + index)
            os.close(100 + index)
            os.set_inheritable(3 + index, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(ports)), LISTEN_FDNAMES=names)
        os.execv(program[0], program)
        """

    private func launch(_ world: ServiceWorld, names: String, ports: [Int]) throws -> RunningProgram {
        let ports = ports.map(String.init).joined(separator: ",")
        let command = [ServiceWorld.program, "serve", "--config", world.path]
        return try RunningProgram("python3", ["-c", Self.launcher, names, ports] + command)
    }

    @Test("Sockets that are passed take the place of the addresses in the file, by their names in any order")
    func sockets() async throws {
        let world = try await ServiceWorld()
        let (pages, authz) = (try FreePort.find(), try FreePort.find())
        let program = try launch(world, names: "internal:portal", ports: [authz, pages])
        let isReady = await ProcessCensus.wait(upTo: .seconds(30)) { program.errors.contains("the portal is ready") }
        #expect(isReady, "\(program.errors)")
        let page = WebConnection(port: pages, name: ServiceWorld.host, certificateFile: nil)
        let request = "GET /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\nConnection: close\r\n\r\n"
        #expect(try await page.exchange(request).status == 200)
        let inner = WebConnection(port: authz, name: ServiceWorld.host, certificateFile: nil)
        #expect(try await inner.exchange("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status == 200)
        // Nobody listens where the file says.
        let other = WebConnection(port: world.pages, name: ServiceWorld.host, certificateFile: nil)
        await #expect(throws: (any Error).self) { try await other.exchange(request) }
        program.signal(SIGTERM)
        #expect(await program.finish().status == 0)
    }

    @Test("A socket of a name that means nothing keeps it from starting")
    func unknownName() async throws {
        let world = try await ServiceWorld()
        let ports = [try FreePort.find(), try FreePort.find()]
        let end = try await launch(world, names: "portal:metrics", ports: ports).finish()
        #expect(end.status == 78)
        #expect(end.errors.contains("FileDescriptorName="), "\(end)")
    }
}
