import Foundation
import NIOCore
import NIOPosix
import TestBed
import TestWeb
import Testing

@Suite("The portal begins and ends", .serialized)
struct StartAndEndTests {
    /// A configuration of the same store, with other addresses and another socket.
    private func twin(
        of world: ServiceWorld,
        _ change: (String) -> String
    ) async throws -> (Command, Duration) {
        let text = change(try world.scratch.read("ent-login.toml"))
        let path = try world.scratch.write(text, to: "twin.toml")
        let begin = ContinuousClock.now
        let run = try await Command.run(ServiceWorld.program, ["serve", "--config", path])
        return (run, ContinuousClock.now - begin)
    }

    @Test("A second portal with the same store, address or local socket ends at once and says why")
    func second() async throws {
        let world = try await ServiceWorld()
        try await world.start()
        let store = "sqlite:\(world.scratch.path("sessions.sqlite"))"
        let (sameStore, storeTime) = try await twin(of: world) { $0 }
        #expect(sameStore.status == 75)
        #expect(sameStore.errors.contains("is in use by process"), "\(sameStore)")
        let (sameAddress, addressTime) = try await twin(of: world) {
            $0.replacing("store = \"\(store)\"", with: "store = \"memory\"")
        }
        #expect(sameAddress.status == 75)
        #expect(sameAddress.errors.contains("Another process listens at 127.0.0.1:\(world.pages)"), "\(sameAddress)")
        let free = (try FreePort.find(), try FreePort.find())
        let (sameSocket, socketTime) = try await twin(of: world) {
            $0.replacing("store = \"\(store)\"", with: "store = \"memory\"")
                .replacing("\"127.0.0.1:\(world.pages)\"", with: "\"127.0.0.1:\(free.0)\"")
                .replacing(
                    "internal_listen = \"127.0.0.1:\(world.authz)\"",
                    with: "internal_listen = \"127.0.0.1:\(free.1)\"\n"
                        + "socket = \"\(world.scratch.path("sessions.sqlite.socket"))\""
                )
        }
        #expect([75, 78].contains(sameSocket.status))
        #expect(sameSocket.errors.contains("another process listens at"), "\(sameSocket)")
        for time in [storeTime, addressTime, socketTime] { #expect(time < .seconds(15)) }
        #expect(try await world.browser(of: "alice").isLoggedIn())
    }

    @Test("Sessions outlive a portal that is killed")
    func killed() async throws {
        let world = try await ServiceWorld()
        let first = try await world.start()
        let alice = try await world.browser(of: "alice")
        first.signal(SIGKILL)
        _ = await first.finish()
        try await world.start()
        #expect(try await alice.isLoggedIn())
    }

    @Test("Without its directory it starts, is alive and not ready, tells people so, and works once it is there")
    func noDirectory() async throws {
        let nowhere = try FreePort.find()
        let world = try await ServiceWorld { ($0.deadline, $0.url) = ("2s", "ldap://127.0.0.1:\(nowhere)") }
        let program = try await world.start()
        #expect(try await world.operations("/healthz").status == 200)
        #expect(try await world.operations("/readyz").status == 503)
        let browser = world.browser()
        let page = try await browser.visit("/login", at: ServiceWorld.host)
        #expect(page.status == 200)
        let answer = try await browser.logIn(page, as: ServiceWorld.person("alice"))
        #expect(answer.status == 503, "\(answer)")
        #expect(answer["Retry-After"] != nil)
        try world.write { $0.url = world.server.ldapURL }
        #expect(try await world.command("reload").status == 0)
        #expect(try await world.operations("/readyz").status == 200)
        #expect(try await world.browser(of: "alice").isLoggedIn())
        program.signal(SIGTERM)
        #expect(await program.finish().status == 0)
    }

    @Test("What is under way when it is told to end is answered, and it ends well")
    func underWay() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        let browser = world.browser()
        let page = try await browser.visit("/login", at: ServiceWorld.host)
        var fields = Browser.fields(of: page)
        let alice = try ServiceWorld.person("alice")
        (fields["username"], fields["password"]) = (alice.user, alice.password)
        let form = fields.map { "\($0.key)=\(Browser.encoded($0.value))" }.joined(separator: "&")
        let answer = try await browser.send(
            "POST",
            "/login",
            at: ServiceWorld.host,
            headers: ["Origin: https://\(ServiceWorld.host)", "Content-Type: application/x-www-form-urlencoded"],
            body: form
        ) {
            // By the time that others are answered, the first half has been read.
            for _ in 0..<3 { _ = try await world.operations("/healthz") }
            program.signal(SIGTERM)
            // The port is closed by now, or will be in a moment.
            _ = await ProcessCensus.wait { (try? await world.operations("/healthz")) == nil }
        }
        #expect(answer.status == 303, "\(answer)")
        let end = await program.finish(limit: .seconds(30))
        #expect(end.status == 0, "\(end)")
        try await world.start()
        #expect(try await browser.isLoggedIn(), "the session is in the store")
    }

    @Test("Connections that are silent, or rest between two requests, do not keep it from ending")
    func silent() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        var channels: [any Channel] = []
        for number in 0..<200 {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: number.isMultiple(of: 2) ? world.pages : world.authz).get()
            if number < 100 {
                let request = "GET /healthz HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\n\r\n"
                try await channel.writeAndFlush(ByteBuffer(string: request))
            }
            channels.append(channel)
        }
        #expect(try await world.browser(of: "alice").isLoggedIn())
        program.signal(SIGTERM)
        let end = await program.finish(limit: .seconds(20))
        #expect(end.status == 0)
        #expect(!end.timedOut, "\(end)")
        for channel in channels { channel.close(promise: nil) }
    }
}
