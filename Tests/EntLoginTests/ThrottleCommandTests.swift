import Foundation
import TestBed
import Testing

@Suite("ent-login throttle")
struct ThrottleCommandTests {
    @Test("Wrong passwords count across commands, and the right one is refused with the same words until cleared")
    func acrossCommands() async throws {
        let world = try await LoginWorld(
            .init(more: "[throttle]\nfree_guesses = 2\n[audit]\nfile = \"@DIR@/audit.jsonl\"")
        )
        let name = "bob"
        #expect(try await world.login(name, "wrong-1").status == 77)
        let wrong = try await world.login(name, "wrong-2")
        let throttled = try await world.login(name, "open-bob")
        #expect(throttled.status == 77)
        #expect(throttled.errors == wrong.errors)
        #expect(throttled.output == wrong.output)
        let audit = try String(contentsOfFile: world.program.scratch.path("audit.jsonl"), encoding: .utf8)
        #expect(audit.split(separator: "\n").last?.contains(#""reason":"throttled""#) == true)

        let listed = try await world.run("throttle", "list")
        #expect(listed.status == 0)
        #expect(listed.output.contains("account  bob"), "\(listed.output)")
        let json = try await world.run("throttle", "list", "--json").json()
        let entries = try #require(json["entries"] as? [[String: Any]])
        #expect(entries.count == 1)
        #expect(entries.first?["account"] as? String == name)
        #expect(entries.first?["failures"] as? Int == 2)
        #expect(entries.first?["throttled_until"] is String)

        #expect(try await world.run("throttle", "clear", "--user", "carol").output == "0 counters have been cleared.\n")
        #expect(try await world.run("throttle", "clear", "--user", "BOB", "--json").json()["cleared"] as? Int == 1)
        #expect(try await world.login(name, "open-bob").status == 0)
        let empty = try await world.run("throttle", "list")
        #expect(empty.errors == "Nothing is slowed down.\n")
        #expect(empty.output.isEmpty)
    }

    @Test("Many commands at once get no more guesses than one after the other")
    func atOnce() async throws {
        let world = try await LoginWorld(
            .init(more: "[throttle]\nfree_guesses = 2\n[audit]\nfile = \"@DIR@/audit.jsonl\"")
        )
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { _ = try? await world.login("bob", "wrong-\(number)") }
            }
        }
        let audit = try String(contentsOfFile: world.program.scratch.path("audit.jsonl"), encoding: .utf8)
        let lines = audit.split(separator: "\n").filter { $0.contains(#""event":"login""#) }
        #expect(lines.count == 8)
        #expect(lines.count { $0.contains(#""reason":"wrong_password""#) } == 2, "\(audit)")
        #expect(lines.count { $0.contains(#""reason":"throttled""#) } == 6, "\(audit)")
    }

    @Test("Switched off, nothing is slowed down, and check warns")
    func off() async throws {
        let world = try await LoginWorld(.init(more: "[throttle]\nenabled = false"))
        let check = try await world.run("check")
        #expect(check.status == 0)
        #expect(check.errors.contains("throttle.enabled: nothing here slows guessing down"))
        #expect(try await world.run("throttle", "list").errors == "The throttle is switched off.\n")
    }

    @Test("A command line that does not say what to clear is wrong", arguments: [[], ["--all", "--user", "alice"]])
    func usage(arguments: [String]) async throws {
        let world = try await LoginWorld()
        #expect(try await world.program.run(["throttle", "clear", "--config", world.path] + arguments).status == 64)
        #expect(try await world.run("throttle").status == 64)
    }
}
