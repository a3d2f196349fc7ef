import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import HostSystem
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

@Suite("While nobody can say")
struct OutageTests {
    @Test("whose a session is, answers are 503 with Retry-After, and the cookie stays")
    func suspended() async throws {
        let world = World()
        try await world.browse { browser in
            try await browser.get("/login/alice")
            let cookies = browser.cookies
            world.provider.set(outage: World.outage)
            world.judge.set(outage: World.outage)
            // Beyond `recheck` and `outage_grace`, not yet idle for too long.
            world.clock.advance(by: .seconds(16 * 60))
            for path in ["/who", "/guarded"] {
                let response = try await browser.get(path)
                #expect(response.status == .serviceUnavailable)
                #expect(response.headers[.retryAfter] == "5")
                #expect(response.headers[.cacheControl] == "no-store")
                #expect(response.text == Outage.publicText + "\n")
            }
            #expect(try await browser.text("/plain") == "plain")
            #expect(browser.cookies == cookies)
            world.provider.set(outage: nil)
            world.judge.set(outage: nil)
            // The sources are not asked again at every request.
            world.clock.advance(by: .seconds(60))
            #expect(try await browser.text("/who") == "alice")
        }
    }

    @Test("whether a password is right, nobody gets in and no cookie is set")
    func login() async throws {
        let world = World()
        world.provider.set(outage: World.outage)
        try await world.browse { browser in
            let response = try await browser.get("/login/alice")
            #expect(response.text == "no")
            #expect(response.headers[values: .setCookie].isEmpty)
        }
    }

    @Test("who the user is, because the application's loader fails, it is 503 too")
    func loader() async throws {
        struct Broken: Error {}
        let isBroken = Switch(false)
        let fixture = try Fixture(userLoader: { id in
            if isBroken.value { throw Broken() }
            return ConformancePerson.all.first { $0.id == id }
        })
        try await fixture.browse { browser in
            try await browser.get("/login-notch")
            isBroken.value = true
            #expect(try await browser.get("/username").status == .serviceUnavailable)
            #expect(try await browser.get("/protected").status == .serviceUnavailable)
            isBroken.value = false
            #expect(try await browser.text("/username") == "Notch")
        }
    }
}
