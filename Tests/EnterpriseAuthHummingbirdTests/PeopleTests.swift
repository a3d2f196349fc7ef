import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import HostSystem
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

@Suite("People, groups and contexts")
struct PeopleTests {
    @Test(
        "groups decide who passes: all, any and none",
        arguments: [
            (["Staff"], [], [], true, true), (["Staff", "Red"], [], [], true, false),
            ([], ["Red", "Blue"], [], true, false),
            ([], [], ["Red"], false, true), ([], [], ["rED"], false, true), (["staff"], [], [], false, false),
            (["Staff"], ["Red"], ["Blue"], true, false),
        ] as [([String], [String], [String], Bool, Bool)]
    )
    func groups(_ all: [String], _ any: [String], _ none: [String], _ alice: Bool, _ bob: Bool) async throws {
        try await World().browse(
            configure: { $0.loginView = "/login" },
            routes: { router in
                router.group("/team").add(middleware: GroupRequired(all: all, any: any, none: none)).get("") { _, _ in
                    "in"
                }
            }
        ) { browser async throws in
            #expect(try await browser.get("/team").status == .found)
            try await browser.get("/login/alice")
            #expect(try await browser.get("/team").status == (alice ? .ok : .forbidden))
            try await browser.get("/login/bob")
            #expect(try await browser.get("/team").status == (bob ? .ok : .forbidden))
        }
    }

    @Test("a person of whom no source knows groups passes no guard, not even one of none")
    func unknownGroups() async throws {
        try await World().browse(routes: { router in
            router.get("/vouch") { _, context in
                try await context.login.login(ConformancePerson.notch)
                return ""
            }
            router.group("/team").add(middleware: GroupRequired(none: ["Red"])).get("") { _, _ in "in" }
        }) { browser async throws in
            try await browser.get("/vouch")
            #expect(try await browser.text("/guarded") == "in")
            #expect(try await browser.get("/team").status == .forbidden)
        }
    }

    @Test("who leaves the rules is out at the next check")
    func inactive() async throws {
        let world = World()
        try await world.browse { browser in
            try await browser.get("/login/alice")
            world.judge.set(.inactive(reason: "left", groups: []), for: World.identity("alice").userID)
            world.clock.advance(by: .seconds(61))
            #expect(try await browser.get("/guarded").status == .unauthorized)
        }
    }

    @Test("behind a guard a child context has the user, and without one 401")
    func childContext() async throws {
        try await World().browse(routes: { router in
            router.group("/mine").add(middleware: LoginRequired())
                .group(context: LoggedInRequestContext<BasicLoginRequestContext>.self)
                .get { _, context in context.user.id?.rawValue ?? "" }
            router.group("/open", context: LoggedInRequestContext<BasicLoginRequestContext>.self)
                .get { _, context in context.user.id?.rawValue ?? "" }
        }) { browser async throws in
            #expect(try await browser.get("/mine").status == .unauthorized)
            #expect(try await browser.get("/open").status == .unauthorized)
            try await browser.get("/login/alice")
            #expect(try await browser.text("/mine") == "corp:id-alice")
        }
    }

    @Test("reauthentication makes a session fresh under a new token, and only by the same person's password")
    func reauthenticate() async throws {
        let world = World()
        try await world.browse(routes: { router in
            router.get("/again/{name}") { _, context in
                let text = "\(try context.parameters.require("name"))'s password"
                let result = try await context.login.reauthenticate(password: SecretBytes(Array(text.utf8)))
                guard case .renewed = result else { return "no" }
                return "yes"
            }
            router.group("/fresh").add(middleware: FreshLoginRequired(within: .seconds(60))).get("") { _, _ in "in" }
        }) { browser async throws in
            #expect(try await browser.text("/again/alice") == "no")
            try await browser.get("/login/alice")
            world.clock.advance(by: .seconds(61))
            #expect(try await browser.get("/fresh").status == .unauthorized)
            let before = browser.cookies
            #expect(try await browser.text("/again/bob") == "no")
            #expect(browser.cookies == before)
            #expect(try await browser.text("/again/alice") == "yes")
            #expect(browser.cookies != before)
            #expect(try await browser.text("/fresh") == "in")
            browser.cookies = before
            #expect(try await browser.text("/who") == "nobody")
        }
    }

    @Test("T99, T104, FL-13, FL-14: users and visitors say of themselves what they do in Flask-Login")
    func users() {
        let notch = ConformancePerson.notch
        #expect(notch.isActive && notch.isAuthenticated && !notch.isAnonymous)
        let creeper = ConformancePerson.creeper
        #expect(!creeper.isActive && !creeper.isAuthenticated && !creeper.isAnonymous)
        let nobody = AnonymousUser()
        #expect(!nobody.isActive && !nobody.isAuthenticated && nobody.isAnonymous && nobody.id == nil)
        #expect(UserID(rawValue: "é") != UserID(rawValue: "e\u{301}"))
    }

    @Test("FL-13: an application can have visitors of its own kind")
    func ownVisitor() async throws {
        struct Guest: User {
            var id: UserID? { nil }
            var isActive: Bool { false }
            var isAnonymous: Bool { true }
        }
        try await World().browse(
            configure: { $0.anonymousUser = { Guest() } },
            routes: { router in
                router.get("/kind") { _, context in "\(type(of: try await context.login.user()))" }
            }
        ) { browser async throws in
            #expect(try await browser.text("/kind") == "Guest")
            #expect(try await browser.get("/guarded").status == .unauthorized)
        }
    }

    @Test("templates see plain properties of the user")
    func template() {
        let alice = DirectoryUser(identity: World.identity("alice"), groups: ["Staff"], isActive: true)
        let shown = TemplateUser(alice)
        #expect(shown.isAuthenticated && shown.name == "alice" && shown.groups == ["Staff"])
        let nobody = TemplateUser(AnonymousUser())
        #expect(nobody.isAnonymous && nobody.name.isEmpty && nobody.id.isEmpty)
    }
}
