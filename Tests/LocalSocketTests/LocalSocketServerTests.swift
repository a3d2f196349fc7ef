import EnterpriseAuth
import EnterpriseAuthTesting
import Foundation
import HostSystem
import TestBed
import Testing

@testable import LocalSocket

@Suite("The local socket", .timeLimit(.minutes(2)))
struct LocalSocketServerTests {
    private func login(_ name: String, replacing: SessionToken? = nil) -> LocalRequest {
        .login(user: name, password: TestPortal.password(name), replacing: replacing)
    }

    @Test("Logs in, tells whose a token is, and logs out, at once for everybody in the process")
    func wholeStory() async throws {
        let portal = try TestPortal()
        try await portal.start()
        #expect(try HostFile.facts(of: portal.path).mode == 0o666)
        let client = try #require(try await portal.client())
        let answer = try await client.ask(login("alice"))
        #expect(answer.outcome == .success)
        #expect(answer.user?.loginName == "alice")
        #expect(answer.session?.door == "local")
        let token = try #require(answer.token)
        #expect(await portal.manager.resolve(token, client: .local).session?.id.description == answer.session?.id)
        let who = try await client.ask(.whoAmI(token))
        #expect(who.isFresh == true)
        #expect(who.user == answer.user)
        let next = try #require(try await client.ask(login("alice", replacing: token)).token)
        #expect(try await client.ask(.whoAmI(token)).outcome == .refused)
        #expect(try await client.ask(.logout(next, everywhere: true)).ended == 1)
        #expect(await portal.manager.resolve(next, client: .local).session == nil)
        try await portal.end()
        #expect(try !HostFile.exists(portal.path))
    }

    @Test("Refuses alike, and says what is no refusal")
    func outcomes() async throws {
        let portal = try TestPortal()
        try await portal.start()
        let client = try #require(try await portal.client())
        let attempts = [("alice", "wrong"), ("unknown", "x"), ("", "x"), ("alice", ""), ("a\u{1}", "x")]
        for (user, password) in attempts {
            let request = LocalRequest.login(user: user, password: SecretBytes(password.utf8), replacing: nil)
            let answer = try await client.ask(request)
            #expect(answer.outcome == .refused)
            #expect(answer.message == Refusal.publicText)
            #expect(answer.token == nil)
        }
        let identity = TestPortal.identity("eve")
        portal.provider.add(identity, password: "x", outcome: .passwordChangeRequired(identity, .expired))
        let change = LocalRequest.login(user: "eve", password: SecretBytes("x".utf8), replacing: nil)
        #expect(try await client.ask(change).outcome == .passwordChangeRequired)
        portal.provider.set(outage: Outage(.unreachable, source: "corp", step: "connect", detail: "secret-server"))
        let outage = try await client.ask(login("alice"))
        #expect(outage.outcome == .unavailable)
        #expect(outage.message == Outage.publicText)
    }

    @Test("A challenge goes on over its own connection only, and once")
    func challenge() async throws {
        let portal = try TestPortal()
        try await portal.start()
        let identity = TestPortal.identity("carol")
        let challenge = Challenge(
            id: "c1",
            provider: "corp",
            messages: ["Hello"],
            prompts: [Challenge.Prompt(text: "Code:", echoes: false)]
        )
        portal.provider.add(identity, password: "x", outcome: .challenge(challenge))
        portal.provider.set(.verified(identity, notices: [.graceLogins(remaining: 2)]), forChallenge: "c1")
        let (client, other) = (try #require(try await portal.client()), try #require(try await portal.client()))
        let asked = try await client.ask(.login(user: "carol", password: SecretBytes("x".utf8), replacing: nil))
        #expect(asked.outcome == .challenge)
        #expect(asked.prompts == [PromptRecord(challenge.prompts[0])])
        #expect(asked.messages == ["Hello"])
        #expect(try await other.ask(.answer([SecretBytes("1".utf8)])).outcome == .invalidRequest)
        let answer = try await client.ask(.answer([SecretBytes([0xFF, 0x22])]))
        #expect(answer.outcome == .success)
        #expect(answer.notices?.first?.remaining == 2)
        #expect(try await client.ask(.answer([SecretBytes("1".utf8)])).outcome == .invalidRequest)
    }

    @Test("Long lists come in parts and are whole in the end")
    func longLists() async throws {
        let portal = try TestPortal(configure: { $0.session.maxPerUser = 1000 })
        try await portal.start()
        var ids: Set<String> = []
        for _ in 0..<450 { ids.insert(try await portal.login("alice").session.id.description) }
        let client = try #require(try await portal.client())
        let listed = try await client.ask(.listSessions(of: nil, token: nil))
        #expect(listed.sessions?.count == 450)
        #expect(Set(listed.sessions?.map(\.session.id) ?? []) == ids)
        #expect(listed.more != true)
        #expect(try await client.ask(.more).outcome == .invalidRequest)
    }

    @Test("The throttle is the portal's own")
    func throttle() async throws {
        let portal = try TestPortal(configure: { $0.throttle.freeGuesses = 2 })
        try await portal.start()
        let client = try #require(try await portal.client())
        for word in ["one", "two"] {
            _ = try await client.ask(.login(user: "bob", password: SecretBytes(word.utf8), replacing: nil))
        }
        #expect(try await client.ask(login("bob")).outcome == .refused)
        let entries = try #require(try await client.ask(.listThrottle).entries)
        #expect(entries.map(\.account) == ["bob"])
        #expect(try await client.ask(.clearThrottle(.user("bob"))).cleared.map { $0 > 0 } == true)
        #expect(try await client.ask(login("bob")).outcome == .success)
    }

    @Test(
        "Reloading tells how it went",
        arguments: [
            (ReloadResult.reloaded(warnings: ["w"]), LocalOutcome.success, "w"),
            (.misconfigured(problems: ["p"]), .misconfigured, "p"), (.unavailable(problems: ["u"]), .unavailable, "u"),
        ]
    )
    func reload(result: ReloadResult, outcome: LocalOutcome, problem: String) async throws {
        let portal = try TestPortal(reload: { result })
        try await portal.start()
        let answer = try await #require(try await portal.client()).ask(.reload)
        #expect(answer.outcome == outcome)
        #expect(answer.problems == [problem])
    }

    @Test("A request that takes too long is an outage, and others go on meanwhile")
    func tooLong() async throws {
        var limits = LocalSocketLimits()
        limits.reloading = .milliseconds(200)
        let portal = try TestPortal(
            limits: limits,
            reload: {
                try? await Task.sleep(for: .seconds(600))
                return .reloaded(warnings: [])
            }
        )
        try await portal.start()
        let client = try #require(try await portal.client())
        #expect(try await client.ask(.reload).outcome == .unavailable)
        #expect(try await client.ask(login("alice")).outcome == .success)
    }

    @Test("Ending lets a login that is under way come to its end, refuses new ones, and removes the file")
    func graceful() async throws {
        let portal = try TestPortal()
        try await portal.start()
        let (busy, idle) = (try #require(try await portal.client()), try #require(try await portal.client()))
        _ = try await idle.ask(.listThrottle)
        portal.judge.hold()
        let request = login("alice")
        async let answer = busy.ask(request)
        while portal.judge.heldCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
        portal.cancel()
        // The server hears of its end a moment later.
        let closed = await #expect(throws: LocalSocketError.self) {
            for _ in 0..<100_000 { _ = try await idle.ask(.listThrottle) }
        }
        guard case .noAnswer = closed else {
            Issue.record("\(String(describing: closed))")
            return
        }
        #expect(try await portal.client() == nil)
        #expect(try HostFile.exists(portal.path))
        portal.judge.release()
        let token = try #require(try await answer.token)
        try await portal.end()
        #expect(try !HostFile.exists(portal.path))
        #expect(await portal.manager.resolve(token, client: .local).session != nil)
    }

    @Test("A second one at the same path is an error for people; a restarted one answers again")
    func restart() async throws {
        let portal = try TestPortal()
        try await portal.start()
        let second = try TestPortal(scratch: portal.scratch)
        let error = await #expect(throws: LocalSocketError.self) { try await second.start() }
        #expect(error == .inUse(path: portal.path))
        #expect(error.map { "\($0)".contains("end it first") } == true)
        try await portal.end()
        try await second.start()
        #expect(try await #require(try await second.client()).ask(.listThrottle).outcome == .success)
        try await second.end()
    }

    @Test("What a killed one has left is replaced, and is nobody to a client")
    func stale() async throws {
        let portal = try TestPortal()
        let script = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
        #expect(try await Command.run("python3", ["-c", script, portal.path]).status == 0)
        #expect(try await portal.client() == nil)
        try await portal.start()
        #expect(try await #require(try await portal.client()).ask(.listThrottle).outcome == .success)
    }

    @Test("A client trusts nobody who listens where others may write")
    func distrust() async throws {
        let portal = try TestPortal()
        try await portal.start()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: portal.scratch.path)
        let error = await #expect(throws: LocalSocketError.self) { try await portal.client() }
        guard case .notTrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("Many logins over the socket and in the process do not get in each other's way")
    func concurrency() async throws {
        let portal = try TestPortal(configure: { $0.session.maxPerUser = 1000 })
        try await portal.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                let name = number.isMultiple(of: 2) ? "alice" : "bob"
                group.addTask {
                    for _ in 0..<5 { _ = try await portal.login(name) }
                }
                group.addTask {
                    let client = try #require(try await portal.client())
                    for _ in 0..<5 {
                        let answer = try await client.ask(login(name))
                        #expect(answer.user?.loginName == name)
                        #expect(try await client.ask(.logout(try #require(answer.token), everywhere: false)).ended == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await portal.manager.sessions(.all).count == 120)
    }

    @Test("No password and no token is ever logged")
    func secrecy() async throws {
        let portal = try TestPortal()
        try await portal.start()
        let client = try #require(try await portal.client())
        let token = try #require(try await client.ask(login("alice")).token)
        _ = try await client.ask(.login(user: "bob", password: SecretBytes("hunter2-hunter2".utf8), replacing: token))
        let broken = try await portal.connection()
        let text = #"{"v":1,"do":"login","user":"bob","password":"hunter2-hunter2","token":"\#(token.text)","x":}"#
        let socket = FramedSocket(adopting: broken)
        try await socket.send(SecretBytes(text.utf8), deadline: .now + .seconds(10))
        let complaint = try await socket.receive(deadline: .now + .seconds(10))?.text
        #expect(complaint?.contains("invalid_request") == true)
        try await portal.end()
        let everything = portal.log.all + (complaint ?? "") + portal.audit.events.map { "\($0)" }.joined()
        #expect(!everything.isEmpty)
        for secret in ["hunter2", "alice's", token.text] { #expect(!everything.contains(secret)) }
    }
}
