import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import HostSystem
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("The cookie of a known device")
struct KnownDeviceCookieTests {
    private static let name = "__Host-ent_login_device"
    private static let key = SecretBytes(Array(repeating: 7, count: 32))

    private static func addRoutes(_ router: Router<World.Context>) {
        router.get("/guess/{name}/{password}") { _, context in
            let name = try context.parameters.require("name")
            let password = SecretBytes(Array(try context.parameters.require("password").utf8))
            guard case .success = try await context.login.login(username: name, password: password) else { return "no" }
            return "yes"
        }
    }

    /// Wrong passwords of a stranger, enough to make everybody wait who is not known.
    private static func lockOut(_ name: String, _ browser: Browser) async throws {
        let cookies = browser.cookies
        browser.cookies = [:]
        for number in 0..<4 { #expect(try await browser.text("/guess/\(name)/wrong\(number)") == "no") }
        // So that the rest of the test shows something.
        #expect(try await browser.text("/login/\(name)") == "no")
        browser.cookies = cookies
    }

    @Test("is set by a login, long-lived, says nothing, opens nothing, and outlives the logout")
    func life() async throws {
        try await World().browse { browser in
            let line = try await browser.get("/login/alice").setCookies(Self.name).first
            #expect(line?.hasSuffix("; Max-Age=15552000; Path=/; Secure; HttpOnly; SameSite=Lax") == true)
            let proof = try #require(browser.cookies[Self.name])
            #expect(!proof.contains("alice"))
            try await browser.get("/logout")
            #expect(browser.cookies == [Self.name: proof])
            #expect(try await browser.text("/who") == "nobody")
            #expect(try await browser.get("/who").headers[values: .setCookie].isEmpty)
            // Known again, it is the same device with a newer proof.
            try await browser.get("/login/alice")
            let renewed = try #require(browser.cookies[Self.name])
            #expect(renewed.prefix { $0 != "." } == proof.prefix { $0 != "." })
        }
    }

    @Test("lets its owner in while strangers' wrong passwords keep all others out, and only its owner")
    func lockOut() async throws {
        let world = World()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/login/alice")
            try await browser.get("/logout")
            try await Self.lockOut("alice", browser)
            try await Self.lockOut("bob", browser)
            #expect(try await browser.text("/login/bob") == "no")
            #expect(try await browser.text("/login/alice") == "yes")
        }
    }

    @Test("has guesses of its own, so that whoever steals it cannot guess for ever")
    func ownGuesses() async throws {
        let world = World()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/login/alice")
            for number in 0..<4 { #expect(try await browser.text("/guess/alice/wrong\(number)") == "no") }
            #expect(try await browser.text("/login/alice") == "no")
            // The owner elsewhere is none the worse for it.
            browser.cookies = [:]
            #expect(try await browser.text("/login/alice") == "yes")
        }
    }

    @Test("proves nothing when it is old, made up, or there twice")
    func worthless() async throws {
        let world = World()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/login/alice")
            let proof = try #require(browser.cookies[Self.name])
            world.clock.advance(by: .seconds(180 * 86_400))
            try await Self.lockOut("alice", browser)
            let pair = "\(Self.name)=\(proof)"
            for header in [pair, "\(Self.name)=x.1.y", "\(Self.name)=", "\(pair); \(pair)"] {
                #expect(try await browser.text("/login/alice", [.cookie: header]) == "no")
            }
        }
    }

    @Test("is not there where the settings want none, nor after a login on the application's word")
    func none() async throws {
        try await World().browse(configure: { $0.deviceCookie = nil }) { browser async throws in
            #expect(try await browser.get("/login/alice").setCookies(Self.name).isEmpty)
        }
        try await World().browse(routes: { router in
            router.get("/vouch") { _, context in
                try await context.login.login(
                    DirectoryUser(identity: World.identity("alice"), groups: [], isActive: true)
                )
                return ""
            }
        }) { browser async throws in
            #expect(try await browser.get("/vouch").setCookies(Self.name).isEmpty)
        }
    }

    @Test("is good after a restart under the same key, and another key knows nobody")
    func key() throws {
        let world = World()
        let now = Timestamp(milliseconds: world.clock.nowMilliseconds)
        let first = WebLogin(world.manager, key: Self.key, clock: world.clock)
        let proof = first.keys.devices.proof(for: "alice", at: now)
        func device(_ web: WebLogin) -> KnownDevice? {
            web.keys.devices.device(proof: proof, username: "ALICE", at: now, lifetime: .seconds(60))
        }
        #expect(device(WebLogin(world.manager, key: Self.key, clock: world.clock)) != nil)
        #expect(device(WebLogin(world.manager, clock: world.clock)) == nil)
    }
}
