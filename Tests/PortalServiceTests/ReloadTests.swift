import Foundation
import TestBed
import TestWeb
import Testing

@Suite("The portal reads its configuration again", .serialized)
struct ReloadTests {
    @Test("Sessions and requests under way go on, and the new rules hold for both at once")
    func rules() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        let (alice, bob) = (try await world.browser(of: "alice"), try await world.browser(of: "bob"))
        let late = world.browser()
        let page = try await late.visit("/login", at: ServiceWorld.host)
        let answer = try await late.logIn(page, as: ServiceWorld.person("alice")) {
            // Half of this login's form is on its way.
            try world.write { $0.all = "engineering" }
            let reload = try await world.command("reload")
            #expect(reload.status == 0, "\(reload)\(program.errors)")
        }
        #expect(answer.status == 200, "\(answer)")
        #expect(try await late.isLoggedIn())
        #expect(try await alice.isLoggedIn())
        #expect(try await !bob.isLoggedIn(), "recheck is an hour, and he is no engineer")
        try world.write { $0.all = "employees" }
        #expect(try await world.command("reload").status == 0)
        #expect(try await alice.isLoggedIn())
        #expect(try await !bob.isLoggedIn(), "what has ended does not come back")
        program.signal(SIGTERM)
        #expect(await program.finish().status == 0)
    }

    @Test("A mistaken file leaves the one before in force and says what is wrong")
    func mistake() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        let alice = try await world.browser(of: "alice")
        try world.write { $0.all = "no-such-group" }
        let unknown = try await world.command("reload")
        #expect(unknown.status == 78)
        #expect(unknown.errors.contains("no-such-group"), "\(unknown)")
        try world.write { ($0.all, $0.portal) = ("employees", "logo = \"\(world.scratch.path("logo.png"))\"") }
        let missing = try await world.command("reload")
        #expect(missing.status == 78)
        #expect(missing.errors.contains("portal.logo"), "\(missing)")
        try world.write { $0.portal = "listen_on = 3" }
        program.signal(SIGHUP)
        let isTold = await ProcessCensus.wait { program.errors.contains("listen_on") }
        #expect(isTold, "\(program.errors)")
        for line in program.errors.split(separator: "\n") where line.contains("stays in force") {
            #expect(line.contains(" critical "))
        }
        #expect(program.errors.components(separatedBy: "stays in force").count == 4, "\(program.errors)")
        #expect(try await alice.isLoggedIn())
        #expect(try await world.browser(of: "bob").isLoggedIn())
    }

    @Test("A service password that the server refuses is not taken over")
    func secret() async throws {
        let world = try await ServiceWorld()
        let program = try await world.start()
        try world.scratch.write("not the password", to: "reader.secret")
        let refused = try await world.command("reload")
        #expect(refused.status == 78)
        #expect(refused.errors.contains("directories.corp.bind_password"), "\(refused)")
        #expect(try await world.browser(of: "alice").isLoggedIn(), "\(program.errors)")
        #expect(try await world.operations("/readyz").status == 200)
        try world.scratch.write(world.server.readerPassword, to: "reader.secret")
        #expect(try await world.command("reload").status == 0)
        #expect(try await world.browser(of: "bob").isLoggedIn())
    }

    @Test("The directory moves to another port; one where nobody answers is not moved to")
    func move() async throws {
        let server = try await SlapdServer.start()
        let world = try await ServiceWorld(directory: server)
        try await world.start()
        let alice = try await world.browser(of: "alice")
        let nowhere = try FreePort.find()
        try world.write { $0.url = "ldap://127.0.0.1:\(nowhere)" }
        let refused = try await world.command("reload")
        #expect(refused.status == 75)
        #expect(refused.errors.contains("127.0.0.1:\(nowhere)"), "\(refused)")
        #expect(try await world.browser(of: "bob").isLoggedIn())
        #expect(ProcessCensus.connections(to: server.port) > 0)
        try world.write { $0.url = server.ldapsURL }
        let moved = try await world.command("reload")
        #expect(moved.status == 0, "\(moved)")
        #expect(try await alice.isLoggedIn())
        #expect(try await world.browser(of: "carol").isLoggedIn())
        let isClosed = await ProcessCensus.wait(upTo: .seconds(20)) {
            ProcessCensus.connections(to: server.port) == 0
        }
        #expect(isClosed, "what was asked before is left alone, once nobody waits for it")
        await server.stop()
    }

    @Test("Fifty reloads with another directory each leave no descriptors, threads or processes behind")
    func descriptors() async throws {
        let world = try await ServiceWorld { $0.deadline = "3s" }
        let program = try await world.start()
        let alice = try await world.browser(of: "alice")
        let before = ProcessCensus(of: program.processID)
        for round in 1...50 {
            try world.write { $0.directory = "timeouts = { operation = \"\(2000 + round)ms\" }" }
            program.signal(SIGHUP)
            let isDone = await ProcessCensus.wait(upTo: .seconds(30)) {
                program.errors.components(separatedBy: "read again and is in use").count - 1 == round
            }
            try #require(isDone, "\(program.errors)")
            #expect(try await alice.isLoggedIn())
        }
        let isBack = await ProcessCensus.wait(upTo: .seconds(40)) {
            ProcessCensus(of: program.processID).descriptors <= before.descriptors + 4
        }
        let after = ProcessCensus(of: program.processID)
        #expect(isBack, "\(before) \(after)")
        #expect(after.threads <= before.threads + 8)
        #expect(after.children == before.children)
    }

    @Test("What needs a restart is named, and stays as it was")
    func restart() async throws {
        let world = try await ServiceWorld()
        try await world.start()
        let other = try FreePort.find()
        let text = try world.scratch.read("ent-login.toml")
            .replacing("listen = \"127.0.0.1:\(world.pages)\"", with: "listen = \"127.0.0.1:\(other)\"")
        try world.scratch.write(text + "\n[throttle]\nenabled = false\n", to: "ent-login.toml")
        let reload = try await world.command("reload")
        #expect(reload.status == 0, "\(reload)")
        for key in ["portal.listen has changed", "[throttle] has changed"] {
            #expect(reload.errors.contains(key), "\(reload)")
        }
        #expect(try await world.browser(of: "alice").isLoggedIn())
    }
}
