import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: people for whom an application vouches")
struct VouchedLoginTests {
    private struct Plain: User {
        var id: UserID?
        var isActive = true
    }

    private let alice = World.identity("alice").userID

    @Test("an application's login of a person of a directory hides nobody from the sources", arguments: [true, false])
    func checkedAllTheSame(isApplicationFirst: Bool) async throws {
        let world = World()
        var tokens: [SessionToken] = []
        for isVouched in [isApplicationFirst, !isApplicationFirst] {
            if isVouched {
                let result = await world.manager.login(Plain(id: alice), client: World.browser)
                tokens.append(try #require(result.success).token)
            } else {
                tokens.append(try await world.login().token)
            }
        }
        let identities = try await world.manager.sessions(.user(alice)).map(\.identity)
        #expect(identities == [World.identity("alice"), World.identity("alice")])
        let later = world.restarted()
        #expect(await later.session(tokens[0])?.directoryUser.identity == World.identity("alice"))
        world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        world.clock.advance(by: .seconds(61))
        for token in tokens {
            #expect(await world.session(token) == nil)
            #expect(await world.restarted().session(token) == nil)
        }
    }

    @Test("an application's word is no answer of the sources: an outage goes on, and the facts stay")
    func noVerdict() async throws {
        let world = World { $0.active.outageGrace = .seconds(100) }
        world.judge.set(.active(groups: ["old"]), for: alice)
        let first = try await world.login()
        let stale = try #require(await world.session(first.token)).directoryUser
        world.judge.set(.active(groups: ["new"]), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(first.token)?.directoryUser.groups == ["new"])
        world.provider.set(outage: World.outage)
        world.clock.advance(by: .seconds(200))
        #expect(await world.resolve(first.token).outage == World.outage)
        let vouched = try #require(await world.manager.login(stale, client: World.browser).success)
        #expect(await world.resolve(vouched.token).outage == World.outage)
        #expect(await world.resolve(first.token).outage == World.outage)
        world.provider.set(outage: nil)
        world.clock.advance(by: .seconds(20))
        #expect(await world.session(vouched.token)?.directoryUser.groups == ["new"])
    }

    @Test("a person of a directory whom only an application has brought is asked about at the first request")
    func firstRequest() async throws {
        let world = World()
        let user = DirectoryUser(identity: World.identity("alice"), groups: ["claimed"], isActive: true)
        let token = try #require(await world.manager.login(user, client: World.browser).success).token
        world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        #expect(await world.resolve(token).anonymousReason == .ended(.inactive))
    }

    @Test("confirming a login writes back no facts from before")
    func confirmation() async throws {
        let world = World()
        let token = try await world.login().token
        let session = try #require(await world.session(token))
        world.clock.advance(by: .seconds(1))
        let newer = DirectoryUser(identity: World.identity("alice"), groups: ["new"], isActive: true)
        _ = world.manager.keeper.settle(session.live.person, .active(newer), asked: world.clock.now)
        let draft = SessionDraft(
            user: session.directoryUser,
            verdictAt: world.clock.now,
            isByWord: true,
            isFresh: true,
            client: World.browser
        )
        let begun = try #require(
            try await world.manager.keeper.renew(session.live, draft, until: .now + .seconds(30))
        )
        #expect(await world.session(begun.token)?.directoryUser.groups == ["new"])
    }
}
