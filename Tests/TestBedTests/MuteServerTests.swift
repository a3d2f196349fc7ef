import TestBed
import Testing

struct MuteServerTests {
    @Test("a silent server accepts and says nothing")
    func silent() async throws {
        let server = try MuteServer()
        let result = try await whoAmI(server.ldapURL)
        #expect(result.errors.contains("Timed out"), "\(result.errors)")
        #expect(server.accepted == 1)
        #expect(server.messages >= 1)
        server.stop()
        #expect(await ProcessCensus.wait { server.open == 0 })
        #expect(await ProcessCensus.wait { ProcessCensus.connections(to: server.port) == 0 })
    }

    @Test("result codes come back as asked", arguments: [(51, "busy"), (52, "unavailable"), (1, "Operations error")])
    func codes(code: UInt8, text: String) async throws {
        let server = try MuteServer.answering(code: code)
        let result = try await whoAmI(server.ldapURL)
        #expect(result.errors.contains("(\(code))"), "\(result.errors)")
        #expect(result.errors.lowercased().contains(text.lowercased()), "\(result.errors)")
    }

    @Test("a bind succeeds and the next request meets silence")
    func silentAfterBind() async throws {
        let server = try MuteServer.silentAfterBind()
        // ldapwhoami waits for this answer without any limit of its own.
        let result = try await Command.run("ldapwhoami", ["-x", "-H", server.ldapURL], limit: .seconds(1))
        #expect(result.timedOut)
        #expect(server.messages == 2)
    }

    @Test("StartTLS succeeds and the handshake meets silence")
    func silentAfterStartTLS() async throws {
        let server = try MuteServer.silentAfterStartTLS()
        let result = try await Command.run("ldapwhoami", ["-x", "-ZZ", "-H", server.ldapURL], limit: .seconds(1))
        #expect(result.timedOut)
        #expect(server.messages == 1)
    }

    @Test("a connection can be cut, and a port can be taken over")
    func closes() async throws {
        let port = try FreePort.find()
        let server = try MuteServer(port: port) { _ in .close }
        let result = try await whoAmI(server.ldapURL)
        #expect(result.errors.contains("Can't contact"), "\(result.errors)")
        server.stop()
        // The old listener is gone within a moment.
        #expect(await ProcessCensus.wait { (try? MuteServer.answering(code: 0, port: port)) != nil })
    }

    @Test("a connect to a black hole hangs")
    func blackHole() async throws {
        let hole = try await BlackHole()
        let url = "ldap://127.0.0.1:\(hole.port)"
        let result = try await Command.run("ldapwhoami", ["-x", "-H", url], limit: .seconds(1))
        #expect(result.timedOut)
        #expect(hole.held >= 1)
    }

    @Test("children and leaks are found")
    func census() async throws {
        let task = Task { try await Command.run("sh", ["-c", "sleep 30; : open-sesame"]) }
        let found = await ProcessCensus.wait { ProcessCensus.leaks(of: "open-sesame").count >= 1 }
        task.cancel()
        _ = try await task.value
        #expect(found)
        #expect(await ProcessCensus.wait { ProcessCensus.leaks(of: "open-sesame").isEmpty })
        #expect(ProcessCensus().descriptors > 2)
        #expect(ProcessCensus().threads >= 1)
    }

    private func whoAmI(_ url: String) async throws -> Command {
        try await Command.run(
            "ldapwhoami",
            ["-x", "-H", url],
            environment: ["LDAPTIMEOUT": "1"],
            limit: .seconds(20)
        )
    }
}
