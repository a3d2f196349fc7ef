import EnterpriseAuth
import EnterpriseAuthTesting
import HostSystem
import TestBed
import Testing

@testable import LocalSocket

@Suite("Remembered logins over the local socket")
struct LocalRememberTests {
    private let portal: TestPortal

    init() throws {
        portal = try TestPortal { $0.remember.enabled = true }
    }

    private func ask(_ request: LocalRequest) async -> LocalAnswer {
        let caller = LocalCaller(isOperator: false, userID: 4_000_000_000, label: "uid=4000000000")
        return await LocalConversation(portal.manager, caller: caller).answer(request)
    }

    private func login(remember: Bool = true) async throws -> LocalAnswer {
        let password = TestPortal.password("alice")
        let answer = await ask(.login(user: "alice", password: password, replacing: nil, remember: remember))
        #expect(answer.outcome == .success)
        return answer
    }

    @Test("A login is remembered only if that is asked for")
    func asked() async throws {
        #expect(try await login(remember: false).rememberToken == nil)
        let answer = try await login()
        #expect(answer.rememberToken != nil && answer.session?.remembered != nil)
        #expect(try await portal.manager.rememberedLogins(.all).count == 1)
    }

    @Test("It opens a session that is not fresh, and its token gives way to the next")
    func restore() async throws {
        let first = try #require(try await login().rememberToken)
        let answer = await ask(.restore(first))
        #expect(answer.outcome == .success && answer.user?.loginName == "alice")
        let (token, next) = (try #require(answer.token), try #require(answer.rememberToken))
        #expect(next != first)
        #expect(await ask(.whoAmI(token)).isFresh == false)
        #expect(await ask(.restore(next)).outcome == .success)
        let theft = await ask(.restore(first))
        #expect(theft.outcome == .refused && theft.message?.contains("used from somewhere else") == true)
        #expect(await ask(.restore(next)).message == theft.message)
        #expect(try await portal.manager.sessions(.all).isEmpty)
    }

    @Test("It is forgotten with its sessions, and once")
    func forget() async throws {
        let answer = try await login()
        let (token, remembered) = (try #require(answer.token), try #require(answer.rememberToken))
        #expect(await ask(.forget(remembered)).ended == 1)
        #expect(await ask(.whoAmI(token)).outcome == .refused)
        #expect(await ask(.forget(remembered)).outcome == .refused)
        #expect(await ask(.restore(remembered)).outcome == .refused)
    }

    @Test("While nobody can say, it is unavailable, and good afterwards")
    func outage() async throws {
        let remembered = try #require(try await login().rememberToken)
        let outage = Outage(.unreachable, source: "corp", step: "connect", detail: "nobody there")
        portal.provider.set(outage: outage)
        portal.judge.set(outage: outage)
        let answer = await ask(.restore(remembered))
        #expect(answer.outcome == .unavailable && answer.message == Outage.publicText)
        #expect(answer.rememberToken == nil)
    }

    @Test("A challenge keeps in mind that it was asked for")
    func challenge() async throws {
        let challenge = Challenge(id: "1", provider: "corp", messages: [], prompts: [.init(text: "Code", echoes: true)])
        let carol = TestPortal.identity("carol")
        portal.provider.add(carol, password: "x", outcome: .challenge(challenge))
        portal.provider.set(.verified(carol, notices: []), forChallenge: "1")
        try await portal.start()
        let client = try #require(try await portal.client())
        let login = LocalRequest.login(user: "carol", password: SecretBytes("x".utf8), replacing: nil, remember: true)
        #expect(try await client.ask(login).outcome == .challenge)
        let answer = try await client.ask(.answer([SecretBytes("2".utf8)]))
        #expect(answer.outcome == .success && answer.rememberToken != nil)
        try await portal.end()
    }
}
