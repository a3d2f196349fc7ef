import EnterpriseAuth
import EnterpriseAuthTesting
import Foundation
import HostSystem
import TestBed
import Testing

@testable import LocalSocket

@Suite("Clients without manners", .timeLimit(.minutes(2)))
struct HostileClientTests {
    private func write(_ bytes: [UInt8], to connection: OwnedDescriptor) throws {
        try FileHandle(fileDescriptor: connection.descriptor).write(contentsOf: Data(bytes))
    }

    private func isServing(_ portal: TestPortal) async throws -> Bool {
        try await portal.client()?.ask(.listThrottle).outcome == .success
    }

    @Test("Half a message, half a length and silence end at the idle limit, and keep nobody waiting")
    func halfMessages() async throws {
        var limits = LocalSocketLimits()
        limits.idle = .milliseconds(300)
        let portal = try TestPortal(limits: limits)
        try await portal.start()
        var sockets: [FramedSocket] = []
        for bytes: [UInt8] in [[], [0, 0], [0, 0, 0, 9], [0, 0, 0, 9, 0x7B]] {
            let connection = try await portal.connection()
            try write(bytes, to: connection)
            sockets.append(FramedSocket(adopting: connection))
        }
        #expect(try await isServing(portal))
        for socket in sockets { #expect(try await socket.receive(deadline: .now + .seconds(20)) == nil) }
        #expect(try await isServing(portal))
    }

    @Test("A message that is announced as huge is refused without taking the memory for it")
    func hugeMessage() async throws {
        let portal = try TestPortal()
        try await portal.start()
        for length: [UInt8] in [[0xFF, 0xFF, 0xFF, 0xFF], [0, 1, 0, 1]] {
            let connection = try await portal.connection()
            try write(length, to: connection)
            let socket = FramedSocket(adopting: connection)
            let answer = try await socket.receive(deadline: .now + .seconds(20))
            #expect(answer?.text?.contains("at most 65536 bytes") == true)
            #expect(try await socket.receive(deadline: .now + .seconds(20)) == nil)
        }
        #expect(try await isServing(portal))
    }

    @Test(
        "What is no request is answered once, and the connection ends",
        arguments: ["", "GET / HTTP/1.1", "{}", #"{"v":1,"do":"reload","x":"# + String(repeating: "[", count: 50_000)]
    )
    func nonsense(text: String) async throws {
        let portal = try TestPortal()
        try await portal.start()
        let socket = FramedSocket(adopting: try await portal.connection())
        try await socket.send(SecretBytes(text.utf8), deadline: .now + .seconds(20))
        let answer = try #require(try await socket.receive(deadline: .now + .seconds(20)))
        #expect(try LocalAnswer(answer).outcome == .invalidRequest)
        #expect(try await socket.receive(deadline: .now + .seconds(20)) == nil)
        #expect(try await isServing(portal))
    }

    @Test("Who asks again and again and never reads is left")
    func deaf() async throws {
        var limits = LocalSocketLimits()
        limits.reading = .milliseconds(300)
        let portal = try TestPortal(limits: limits, configure: { $0.session.maxPerUser = 1000 })
        try await portal.start()
        for _ in 0..<200 { _ = try await portal.login("alice") }
        let socket = FramedSocket(adopting: try await portal.connection())
        let request = LocalRequest.listSessions(of: nil, token: nil).frame
        await #expect(throws: HostError.self) {
            for _ in 0..<100_000 { try await socket.send(request, deadline: .now + .seconds(30)) }
        }
        #expect(try await isServing(portal))
    }

    @Test("A thousand connections leave room for nobody else's, until they go")
    func thousand() async throws {
        var limits = LocalSocketLimits()
        limits.connections = 50
        let portal = try TestPortal(limits: limits)
        try await portal.start()
        var sockets: [FramedSocket] = []
        for _ in 0..<1000 { sockets.append(FramedSocket(adopting: try await portal.connection())) }
        let last = try #require(sockets.last)
        let answer = try #require(try await last.receive(deadline: .now + .seconds(20)))
        #expect(try LocalAnswer(answer).outcome == .unavailable)
        // Turned away with the reason, although the request has left already.
        let client = try #require(try await portal.client())
        #expect(try await client.ask(.listThrottle).message?.contains("too many connections") == true)
        for socket in sockets { socket.close() }
        let end = ContinuousClock.now + .seconds(20)
        while try await portal.client()?.ask(.listThrottle).outcome != .success {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test("A login whose asker has gone leaves no session behind")
    func gone() async throws {
        let portal = try TestPortal()
        try await portal.start()
        portal.judge.hold()
        let socket = FramedSocket(adopting: try await portal.connection())
        let request = LocalRequest.login(user: "alice", password: TestPortal.password("alice"), replacing: nil)
        try await socket.send(request.frame, deadline: .now + .seconds(20))
        while portal.judge.heldCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
        socket.close()
        portal.judge.release()
        try await portal.end()
        #expect(portal.audit.events.contains { $0.kind == .login && $0.outcome == .success })
        #expect(try await portal.manager.sessions(.all).isEmpty)
    }

    @Test(
        "Another user of the host gets their share and no more, and root is served all the while",
        .enabled(if: Obstacle.root == nil, "\(Obstacle.root ?? "")")
    )
    func anotherUser() async throws {
        var limits = LocalSocketLimits()
        (limits.connectionsPerUser, limits.loginBurst) = (4, 3)
        let portal = try TestPortal(limits: limits)
        try await portal.start()
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: portal.scratch.path)
        let script = """
            import json, socket, struct, sys
            def connect():
                s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1]); return s
            def read(s):
                head = s.recv(4, socket.MSG_WAITALL)
                return json.loads(s.recv(struct.unpack('>I', head)[0], socket.MSG_WAITALL)) if head else None
            def ask(s, **request):
                text = json.dumps(dict(request, v=1)).encode()
                s.sendall(struct.pack('>I', len(text)) + text)
                return read(s)
            held = [connect() for _ in range(4)]
            late = read(connect())
            out = [late['outcome'], late['message']]
            for word in ['reload', 'throttle.list']:
                out.append(ask(held[0], do=word)['outcome'])
            out.append(ask(held[0], do='throttle.clear', all=True)['outcome'])
            out.append(ask(held[0], do='sessions.end', all=True)['outcome'])
            out += [ask(held[1], do='login', user='alice', password='wrong')['outcome'] for _ in range(4)]
            out.append(ask(held[2], do='sessions.list')['sessions'])
            print(json.dumps(out))
            """
        _ = try await portal.login("alice")
        let run = try await Command.run(
            "setpriv",
            ["--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/python3", "-c", script, portal.path],
            directory: "/"
        )
        #expect(run.status == 0, "\(run.errors)")
        let out = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [Any])
        let words = out.compactMap { $0 as? String }
        #expect(
            words == [
                "unavailable", "There are too many connections. Please try again in a moment.", "refused", "refused",
                "refused", "refused", "refused", "refused", "refused", "unavailable",
            ]
        )
        #expect((out.last as? [Any])?.isEmpty == true)
        #expect(try await isServing(portal))
    }
}
