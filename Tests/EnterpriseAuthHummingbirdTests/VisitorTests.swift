import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import HostSystem
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("Visitors")
struct VisitorTests {
    private static let name = "__Host-ent_visitor"

    private static func addRoutes(_ router: Router<World.Context>) {
        router.get("/say/{text}") { _, context in
            try await context.login.flash(FlashMessage(try context.parameters.require("text"), category: "info"))
            return ""
        }
        router.get("/said") { _, context in
            try await context.login.takeFlash().map(\.text).joined(separator: ",")
        }
        router.get("/keep/{text}") { _, context in
            let text = try context.parameters.require("text")
            try await context.login.changeData { data throws(SessionDataProblem) in try data.set(text, for: "own") }
            return ""
        }
        router.get("/kept") { _, context in try await context.login.data()["own"] ?? "" }
    }

    @Test("get a sealed cookie of another name when something is kept for them, and lose it when nothing is (SM-13)")
    func life() async throws {
        let world = World()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            #expect(try await browser.get("/said").headers[values: .setCookie].isEmpty)
            let line = try await browser.get("/say/hello").setCookies(Self.name).first
            #expect(line?.hasSuffix("; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax") == true)
            let cookie = try #require(browser.cookies[Self.name])
            #expect(!cookie.contains("hello"))
            try await browser.get("/say/world")
            #expect(try await browser.text("/said") == "hello,world")
            #expect(browser.cookies.isEmpty)
            #expect(try await browser.text("/said") == "")
        }
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("are forgotten after their time, whatever the browser keeps")
    func expiry() async throws {
        let world = World()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/keep/it")
            world.clock.advance(by: .seconds(3599))
            #expect(try await browser.text("/kept") == "it")
            world.clock.advance(by: .seconds(2))
            #expect(try await browser.text("/kept") == "")
        }
    }

    @Test(
        "cannot write their cookie themselves, nor use that of another application",
        arguments: [
            "", "AAAA", "not base64 at all", "{\"id\":\"x\"}", String(repeating: "A", count: 4000),
        ]
    )
    func forged(_ text: String) async throws {
        try await World().browse(routes: Self.addRoutes) { browser async throws in
            browser.cookies = [Self.name: text]
            #expect(try await browser.text("/kept") == "")
            #expect(try await browser.text("/who") == "nobody")
        }
    }

    @Test("have a cookie that opens with the same key only")
    func keys() async throws {
        let world = World()
        let one = WebKeys(SecretBytes([UInt8](repeating: 1, count: 32)))
        let two = WebKeys(SecretBytes([UInt8](repeating: 2, count: 32)))
        var visitor = Visitor()
        visitor.expiresAt = world.clock.nowMilliseconds + 1000
        let text = try #require(visitor.sealed(as: "a", with: one.visitors))
        let now = world.clock.nowMilliseconds
        #expect(Visitor.open(text, as: "a", with: one.visitors, now: now)?.id == visitor.id)
        #expect(Visitor.open(text, as: "b", with: one.visitors, now: now) == nil)
        #expect(Visitor.open(text, as: "a", with: two.visitors, now: now) == nil)
        #expect(Visitor.open(text, as: "a", with: one.visitors, now: now + 1000) == nil)
    }

    @Test("FL-22: leave nothing to the person who logs in, and nothing of the person is left to visitors")
    func login() async throws {
        try await World().browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/keep/stranger")
            let line = try await browser.get("/login/alice").setCookies(Self.name)
            #expect(line.count == 1 && line.first?.contains("Max-Age=0") == true)
            #expect(try await browser.text("/kept") == "")
            try await browser.get("/keep/alices")
            #expect(browser.cookies[Self.name] == nil)
            #expect(try await browser.text("/kept") == "alices")
            try await browser.get("/logout")
            #expect(try await browser.text("/kept") == "")
        }
    }

    @Test("have room for a few messages: the oldest go, and the cookie fits into 4096 bytes (ASVS 3.3.5)")
    func room() async throws {
        try await World().browse(routes: Self.addRoutes) { browser async throws in
            let long = String(repeating: "x", count: 900)
            for number in 1...9 { try await browser.get("/say/\(number)\(long)") }
            let cookie = try #require(browser.cookies[Self.name])
            #expect(Self.name.utf8.count + 1 + cookie.utf8.count <= 4096)
            let said = try await browser.text("/said").split(separator: ",").compactMap(\.first)
            #expect(said.last == "9")
            #expect((1..<9).contains(said.count))
        }
    }

    @Test("cannot keep more than fits: the application is told, and what was there stays")
    func tooMuch() async throws {
        try await World().browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/keep/small")
            let response = try await browser.get("/keep/" + String(repeating: "y", count: 3500))
            #expect(response.status == .internalServerError)
            #expect(try await browser.text("/kept") == "small")
        }
    }
}
