import EnterpriseAuthTesting
import HostSystem
import Testing

@testable import EnterpriseAuth

@Suite("The throttle of logins")
struct ThrottledLoginTests {
    @Test("after the free guesses nobody is asked any more, not even with the right password")
    func throttled() async throws {
        let world = World()
        try await world.guess(times: 3)
        #expect(world.provider.verifications == 3)
        #expect(try await world.attempt("alice's password") == .throttled)
        #expect(try await world.attempt("ALICE", "another") == .throttled)
        #expect(try await world.attempt("alice's password", client: World.browser) == .throttled)
        #expect(world.provider.verifications == 3)
        #expect(world.judge.judgements == 0)
        #expect(try await world.attempt("bob", "bob's password") == nil)
    }

    @Test("such a refusal looks like every other, and waits as long")
    func sameTime() async throws {
        let world = World { $0.login.refusalTime = .seconds(1) }
        try await world.guess(times: 3)
        let start = ContinuousClock.now
        #expect(try await world.attempt("one more") == .throttled)
        let pause = try #require(world.pauses.all.last)
        #expect(world.pauses.all.count == 4)
        #expect(pause >= start + .seconds(1))
    }

    @Test("the audit log tells, and says from when on the next one is asked")
    func audited() async throws {
        let world = World()
        try await world.guess(times: 4)
        let event = try #require(world.audit.events.last)
        #expect(event.reason == "throttled")
        #expect(event.outcome == .refused)
        #expect(event.detail.contains("3 wrong passwords for this name"))
        #expect(event.detail.contains(world.clock.now.adding(.seconds(300)).description))
    }

    @Test("when the wait is over, the next guess is asked, and the wait after it is twice as long")
    func waitOver() async throws {
        let world = World()
        try await world.guess(times: 3)
        world.clock.advance(by: .milliseconds(299_999))
        #expect(try await world.attempt("too early") == .throttled)
        world.clock.advance(by: .milliseconds(1))
        #expect(try await world.attempt("in time") == .wrongPassword)
        world.clock.advance(by: .milliseconds(599_999))
        #expect(try await world.attempt("alice's password") == .throttled)
        world.clock.advance(by: .milliseconds(1))
        #expect(try await world.attempt("alice's password") == nil)
    }

    @Test("throttled attempts do not make the wait longer")
    func notProlonged() async throws {
        let world = World()
        try await world.guess(times: 50)
        world.clock.advance(by: .seconds(300))
        #expect(try await world.attempt("alice's password") == nil)
    }

    @Test("unknown names are counted like known ones")
    func unknown() async throws {
        let world = World()
        try await world.guess("nobody", times: 3)
        #expect(try await world.attempt("nobody", "one more") == .throttled)
    }

    @Test(
        "other refusals are no guesses",
        arguments: [.locked, .disabled, .expired, .notPermitted] as [Refusal.Reason]
    )
    func otherRefusals(reason: Refusal.Reason) async throws {
        let world = World()
        let refusal = Refusal(reason, provider: "corp", detail: "")
        world.provider.add(World.identity("carol"), password: "right", outcome: .refused(refusal))
        for _ in 0..<20 { #expect(try await world.attempt("carol", "right") == reason) }
    }

    @Test("outages, inactive people and passwords that must be changed are no guesses")
    func noGuesses() async throws {
        let world = World()
        world.judge.set(.inactive(reason: "not a member", groups: []), for: World.identity("bob").userID)
        let change = CredentialOutcome.passwordChangeRequired(World.identity("dora"), .expired)
        world.provider.add(World.identity("dora"), password: "right", outcome: change)
        for _ in 0..<20 {
            #expect(try await world.attempt("bob", "bob's password") == .inactive)
            #expect(try await world.attempt("dora", "right") == nil)
        }
        world.provider.set(outage: World.outage)
        for number in 0..<20 { #expect(try await world.attempt("alice", "\(number)") == nil) }
        world.provider.set(outage: nil)
        #expect(try await world.manager.throttleEntries().isEmpty)
    }

    @Test("the same wrong password counts once, and is asked again when it is forgotten")
    func repeated() async throws {
        let world = World()
        #expect(try await world.attempt("old password") == .wrongPassword)
        for _ in 0..<100 {
            #expect(try await world.attempt("old password", client: World.browser) == .throttled)
            world.clock.advance(by: .seconds(10))
        }
        #expect(world.provider.verifications == 1)
        try await world.login()
        world.clock.advance(by: .seconds(200))
        #expect(try await world.attempt("old password") == .wrongPassword)
        #expect(world.provider.verifications == 3)
    }

    @Test("a telephone that tries an old password all day locks nobody out")
    func telephone() async throws {
        let world = World()
        for _ in 0..<24 * 60 {
            try await world.attempt("old password")
            world.clock.advance(by: .seconds(60))
            let entries = try await world.manager.throttleEntries()
            #expect(entries.allSatisfy { $0.throttledUntil == nil && $0.failures == 1 })
        }
        #expect(world.provider.verifications <= 24 * 3)
        try await world.login()
    }

    @Test("a success forgets what that client has failed, and not what others have")
    func success() async throws {
        let world = World()
        try await world.guess(times: 1)
        try await world.guess(times: 1, client: World.browser)
        let success = try await world.login()
        #expect(success.session.identity.loginName == "alice")
        #expect(world.audit.events.last?.detail == "after 2 failed attempts")
        let account = try await world.manager.throttleEntries().filter { $0.kind == .account }
        #expect(account.map(\.failures) == [1])
        try await world.guess(times: 2)
        #expect(try await world.attempt("one more") == .throttled)
    }

    @Test("a success of one's own does not let guesses at others go on")
    func sourceNotForgiven() async throws {
        let world = World { $0.throttle.sourceFreeGuesses = 10 }
        for number in 0..<10 {
            try await world.guess("person\(number)", times: 1)
            #expect(try await world.attempt("bob", "bob's password") == (number == 9 ? .throttled : nil))
        }
        #expect(try await world.attempt("person11", "x") == .throttled)
        #expect(try await world.attempt("bob", "bob's password", client: World.browser) == nil)
    }

    @Test("a source is an IPv4 address or an IPv6 network")
    func sources() async throws {
        let world = World { $0.throttle.sourceFreeGuesses = 3 }
        for number in 1...3 {
            try await world.guess("a\(number)", times: 1, client: SessionClient(address: "2001:db8::\(number)"))
            try await world.guess("b\(number)", times: 1, client: SessionClient(address: "192.0.2.\(number)"))
        }
        let inside = SessionClient(address: "2001:db8::ffff:1")
        #expect(try await world.attempt("bob's password", client: inside) == .throttled)
        #expect(
            try await world.attempt("bob", "x", client: SessionClient(address: "2001:db8:0:1::1")) == .wrongPassword
        )
        #expect(
            try await world.attempt("bob", "y", client: SessionClient(address: "::ffff:192.0.2.1")) == .wrongPassword
        )
        let listed = try await world.manager.throttleEntries().filter { $0.kind == .source }.map(\.origin)
        #expect(listed.first == "2001:db8::/64")
        #expect(listed.contains("192.0.2.1/32"))
        // At a terminal there is no source.
        try await world.guess("terminal", times: 1, client: .local)
        #expect(try await world.manager.throttleEntries().filter { $0.kind == .source }.count == listed.count)
    }

    @Test("a known device is not locked out by strangers, and has a counter of its own")
    func knownDevice() async throws {
        let world = World { $0.throttle.sourceFreeGuesses = 3 }
        let device = KnownDevice(account: "alice", id: "a device")
        try await world.guess(times: 3)
        #expect(try await world.attempt("alice's password", device: device) == nil)
        for number in 0..<3 {
            #expect(try await world.attempt("wrong here \(number)", device: device) == .wrongPassword)
        }
        #expect(try await world.attempt("alice's password", device: device) == .throttled)
        #expect(try await world.attempt("bob", "bob's password", client: World.browser) == nil)
        // For somebody else it is a stranger.
        #expect(try await world.attempt("bob", "bob's password", device: device) == .throttled)
        #expect(try await world.attempt("alice's password", device: KnownDevice(account: "alice", id: "2")) == nil)
    }

    @Test("asking for the password again is throttled too, and not by strangers")
    func reauthentication() async throws {
        let world = World()
        let token = try await world.login().token
        try await world.guess(times: 3)
        func again(_ password: String) async -> Refusal.Reason? {
            let secret = SecretBytes(Array(password.utf8))
            return await world.manager.reauthenticate(token, password: secret, client: World.browser).refusal?.reason
        }
        for number in 0..<3 { #expect(await again("wrong \(number)") == .wrongPassword) }
        let asked = world.provider.verifications
        #expect(await again("alice's password") == .throttled)
        #expect(world.provider.verifications == asked)
        world.clock.advance(by: .seconds(300))
        #expect(await again("alice's password") == nil)
    }

    @Test("a remembered login buys no guesses: all sessions that come from it are one device")
    func restoredSessions() async throws {
        let world = World.remembering()
        var token = try await world.rememberedLater()
        for number in 0..<5 {
            let back = try await world.restored(token)
            token = back.remember
            let password = SecretBytes(Array("wrong \(number)".utf8))
            let result = await world.manager.reauthenticate(back.token, password: password, client: World.browser)
            #expect(result.refusal?.reason == (number < 3 ? .wrongPassword : .throttled))
            await world.manager.settle()
            world.clock.advance(by: .milliseconds(10))
        }
        #expect(world.provider.verifications == 4)
    }

    @Test("a clock that was set back makes nobody wait for more than the wait", .timeLimit(.minutes(1)))
    func clockSetBack() async throws {
        let world = World()
        try await world.guess(times: 3)
        world.clock.advance(by: .seconds(-86_400))
        #expect(try await world.attempt("alice's password") == .throttled)
        for _ in 0..<6 {
            world.clock.advance(by: .seconds(60))
            _ = try await world.attempt("alice's password")
        }
        #expect(try await world.attempt("alice's password") == nil)
    }

    @Test("an operator sees the counters and makes them forgotten")
    func operatorView() async throws {
        let world = World()
        try await world.guess("alice", times: 3)
        try await world.guess("bob", times: 1, client: World.browser)
        let entries = try await world.manager.throttleEntries()
        #expect(entries.first?.account == "alice")
        #expect(entries.first?.throttledUntil == world.clock.now.adding(.seconds(300)))
        #expect(entries.map(\.kind).count { $0 == .source } == 2)
        #expect(try await world.manager.clearThrottle(.user("Alice"), client: .local) == 1)
        #expect(world.audit.events.last?.kind == .throttleClear)
        #expect(try await world.attempt("alice's password") == nil)
        #expect(try await world.manager.clearThrottle(.source("198.51.100.9"), client: .local) == 1)
        #expect(try await world.manager.clearThrottle(.all, client: .local) == 2)
        #expect(try await world.manager.throttleEntries().isEmpty)
    }

    @Test("what an operator has cleared for a person is asked again, even a password that was wrong")
    func clearedPassword() async throws {
        let world = World()
        try await world.attempt("new password")
        try await world.manager.clearThrottle(.user("alice"), client: .local)
        #expect(try await world.attempt("new password") == .wrongPassword)
    }

    @Test("switched off, it counts nothing")
    func off() async throws {
        let world = World { $0.throttle.enabled = false }
        try await world.guess(times: 50)
        #expect(world.provider.verifications == 50)
        #expect(try await world.manager.throttleEntries().isEmpty)
    }
}
