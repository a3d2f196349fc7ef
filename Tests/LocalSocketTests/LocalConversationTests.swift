import EnterpriseAuth
import EnterpriseAuthTesting
import HostSystem
import TestBed
import Testing

@testable import LocalSocket

@Suite("Who may see and end what")
struct LocalConversationTests {
    private func person(_ portal: TestPortal, uid: UInt32 = 4_000_000_000) -> LocalConversation {
        LocalConversation(portal.manager, caller: LocalCaller(isOperator: false, userID: uid, label: "uid=\(uid)"))
    }

    private func root(_ portal: TestPortal) -> LocalConversation {
        LocalConversation(portal.manager, caller: LocalCaller(isOperator: true, userID: 0, label: "uid=0"))
    }

    @Test("Without a token somebody who is no local person has no sessions, and may do nothing with those of others")
    func stranger() async throws {
        let portal = try TestPortal()
        let alice = try await portal.login("alice")
        let stranger = person(portal)
        let listed = await stranger.answer(.listSessions(of: nil, token: nil))
        #expect(listed.outcome == .success)
        #expect(listed.sessions?.isEmpty == true)
        for user in ["alice", "corp:id-of-alice", "who-is-this"] {
            let named = await stranger.answer(.listSessions(of: user, token: nil))
            #expect(named.outcome == .refused)
            #expect(named.sessions == nil)
            let ended = await stranger.answer(.endSessions(SessionSelection(user: user), token: nil))
            #expect(ended.outcome == .refused)
            #expect(ended.message == named.message)
        }
        #expect(await stranger.answer(.endSessions(.all, token: nil)).outcome == .refused)
        let ended = await stranger.answer(.endSessions(.ids([alice.session.id]), token: nil))
        #expect(ended.outcome == .refused)
        #expect(ended.unknown == [alice.session.id.description])
        for request in [LocalRequest.listThrottle, .clearThrottle(.all), .reload] {
            #expect(await stranger.answer(request).outcome == .refused)
        }
        #expect(await stranger.answer(.whoAmI(alice.token)).user?.loginName == "alice")
    }

    @Test("Who shows a token sees and ends the sessions of its person")
    func holder() async throws {
        let portal = try TestPortal()
        let (one, two, bob) = (
            try await portal.login("alice"), try await portal.login("alice"), try await portal.login("bob")
        )
        let holder = person(portal)
        let listed = await holder.answer(.listSessions(of: nil, token: one.token))
        #expect(
            Set(listed.sessions?.map(\.session.id) ?? []) == [one.session.id.description, two.session.id.description]
        )
        #expect(await holder.answer(.listSessions(of: "alice", token: one.token)).sessions?.count == 2)
        #expect(await holder.answer(.listSessions(of: "bob", token: one.token)).outcome == .refused)
        let ended = await holder.answer(.endSessions(.ids([two.session.id, bob.session.id]), token: one.token))
        #expect(ended.ended == 1)
        #expect(ended.unknown == [bob.session.id.description])
        #expect(await portal.manager.resolve(bob.token, client: .local).session != nil)
        #expect(await portal.manager.resolve(two.token, client: .local).session == nil)
        #expect(await holder.answer(.endSessions(.loginName("alice"), token: one.token)).ended == 1)
        #expect(await holder.answer(.whoAmI(one.token)).outcome == .refused)
    }

    @Test("A local person's sessions are theirs by their number, without a token, and nobody else's of that name")
    func local() async throws {
        let portal = try TestPortal()
        _ = try await portal.login("alice")
        let session = try await portal.login("nobody").session
        let nobody = person(portal, uid: TestPortal.nobody)
        #expect(
            await nobody.answer(.listSessions(of: nil, token: nil)).sessions?.map(\.session.id) == [
                session.id.description
            ]
        )
        #expect(await nobody.answer(.listSessions(of: "nobody", token: nil)).sessions?.count == 1)
        #expect(await person(portal, uid: 1).answer(.listSessions(of: nil, token: nil)).sessions?.isEmpty == true)
        #expect(await nobody.answer(.endSessions(.loginName("nobody"), token: nil)).ended == 1)
        let none = await nobody.answer(.listSessions(of: "nobody", token: nil))
        #expect(none.outcome == .success)
        #expect(none.sessions?.isEmpty == true)
    }

    @Test("A directory's person who is called like the local user is somebody else")
    func namesake() async throws {
        let portal = try TestPortal()
        portal.provider.add(TestPortal.identity("nobody"), password: "nobody's password")
        _ = try await portal.login("nobody")
        let nobody = person(portal, uid: TestPortal.nobody)
        #expect(await nobody.answer(.listSessions(of: nil, token: nil)).sessions?.isEmpty == true)
        #expect(await nobody.answer(.endSessions(.loginName("nobody"), token: nil)).ended == 0)
    }

    @Test("Root sees and ends all")
    func operators() async throws {
        let portal = try TestPortal()
        let (alice, bob) = (try await portal.login("alice"), try await portal.login("bob"))
        let root = root(portal)
        #expect(await root.answer(.listSessions(of: nil, token: nil)).sessions?.count == 2)
        #expect(await root.answer(.endSessions(.loginName("alice"), token: nil)).ended == 1)
        #expect(await portal.manager.resolve(alice.token, client: .local).session == nil)
        #expect(await root.answer(.endSessions(.all, token: nil)).ended == 1)
        #expect(await portal.manager.resolve(bob.token, client: .local).session == nil)
        #expect(await root.answer(.reload).outcome == .misconfigured)
    }

    @Test("The audit log says which user of the host asked")
    func audited() async throws {
        let portal = try TestPortal()
        let stranger = person(portal)
        _ = await stranger.answer(.login(user: "alice", password: SecretBytes("wrong".utf8), replacing: nil))
        #expect(portal.audit.events.last?.client?.requestID == "uid=4000000000")
        #expect(portal.audit.events.last?.client?.kind == .local)
    }
}
