import Foundation
import TestBed
import Testing

extension RealBrowser {
    @Suite("people who are logged in")
    struct SessionJourneyTests {
        @Test("see where, and end what is not theirs any more after they have shown that it is them")
        func sessions() async throws {
            let (stage, browser) = try await Stage.enter()
            let other = try await stage.anotherBrowser("other")
            for window in [browser, other] {
                try await window.go(Stage.login)
                try await window.logIn(as: .named("carol"))
            }
            try await browser.go(Stage.login)
            #expect(try await browser.count(".sessions li") == 2)
            #expect(try await browser.count(".sessions li form") == 1, "the session that is used ends by logging out")
            #expect(try await browser.text(of: ".sessions").contains("Chrome"))

            // Another browser with the same token is not taken for the same person's word (FL-46).
            try await browser.pretend(
                userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
            )
            try await browser.click(".sessions li form button")
            #expect(try await browser.title.hasPrefix("Confirm that it is you"))
            #expect(try await browser.property("value", of: "#username") == "carol")
            #expect(try await browser.attribute("readonly", of: "#username") != nil)
            #expect(try await browser.focus == "password")
            try await browser.type("wrong", into: "#password")
            try await browser.click("main form button")
            #expect(try await browser.text(of: "[role=alert]").contains("not right"))
            try await browser.type("open-carol", into: "#password")
            try await browser.click("main form button")
            #expect(try await browser.text(of: "h1") == "Your account")
            try await browser.click(".sessions li form button")
            #expect(try await browser.text(of: "[role=status]") == "That session has ended.")
            #expect(try await browser.count(".sessions li") == 1)

            try await other.go(Stage.login)
            #expect(try await other.has("#password"), "the other browser is out")
            try await other.logIn(as: .named("carol"))
            try await browser.go(Stage.login)
            try await browser.click("form:has([name=others]) button")
            #expect(try await browser.text(of: "[role=status]") == "You are logged out everywhere else.")
            try await other.go(Stage.login)
            #expect(try await other.has("#password"))
            try await other.quit()
        }

        @Test("are out everywhere when they log out, and Back shows nothing of what was")
        func logout() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.wiki)/docs")
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.address == "\(Stage.wiki)/docs")
            try await browser.go(Stage.login)
            let tokens = try await browser.cookies.filter { $0["name"].text == "__Host-ent_login" }
            #expect(tokens.count == 2, "one for the portal, one for the protected host")
            try await browser.logOut()
            #expect(try await browser.text.contains("You have logged out."))
            let left = try await browser.cookies.filter { $0["domain"].text == "login.example.org" }
            #expect(left.allSatisfy { $0["name"].text != "__Host-ent_login" })

            try await browser.back()
            let text = try await browser.text
            #expect(!text.contains("employees") && !text.contains("Your account"), "\(text)")
            #expect(try await browser.has("#password") && !text.contains("alice"))
            try await browser.go("\(Stage.wiki)/docs")
            #expect(try await browser.address.hasPrefix("\(Stage.login)/login"))

            // The token itself is dead, not only forgotten (ASVS 7.4.1).
            for token in tokens {
                let host = token["domain"].text ?? ""
                try await browser.tell(
                    "Network.setCookie",
                    [
                        "name": "__Host-ent_login", "value": token["value"], "url": .string("https://\(host)/"),
                        "path": "/", "secure": true, "httpOnly": true,
                    ]
                )
                try await browser.go("https://\(host)/")
                #expect(try await browser.has("#password"), "\(host)")
            }
        }

        @Test("are asked before a link logs them out")
        func logoutLink() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go(Stage.login)
            try await browser.logIn(as: .named("alice"))
            try await browser.go("\(Stage.login)/logout")
            #expect(try await browser.has("form[action=\"/logout\"] button"))
            try await browser.go(Stage.login)
            #expect(try await browser.text(of: "h1") == "Your account")
        }

        @Test("are out when the browser has been closed")
        func restart() async throws {
            let (stage, _) = try await Stage.enter()
            let first = try await stage.anotherBrowser("restarted")
            try await first.go(Stage.login)
            try await first.logIn(as: .named("alice"))
            #expect(try await first.text(of: "h1") == "Your account")
            let cookies = try await first.cookies.filter { $0["name"].text == "__Host-ent_login" }
            #expect(cookies.count == 1 && cookies.allSatisfy { $0["session"].isTrue }, "it ends with the browser")
            try await first.quit()
            let second = try await stage.anotherBrowser("restarted")
            try await second.go(Stage.login)
            #expect(try await second.has("#password"))
            try await second.quit()
        }

        @Test("come back without a password after the browser was closed, if they had asked for it")
        func remembered() async throws {
            let (stage, _) = try await Stage.enter()
            let first = try await stage.anotherBrowser("remembered")
            try await first.go(Stage.login)
            try await first.tick("#remember")
            try await first.logIn(as: .named("dan"))
            let cookies = try await first.cookies.filter { $0["name"].text == "__Host-ent_login_remember" }
            #expect(cookies.count == 1)
            for cookie in cookies {
                #expect(!cookie["session"].isTrue && cookie["secure"].isTrue && cookie["httpOnly"].isTrue, "\(cookie)")
            }
            try await first.quit()

            let second = try await stage.anotherBrowser("remembered")
            try await second.go(Stage.login)
            #expect(try await second.text(of: "h1") == "Your account")
            #expect(try await second.text(of: "header").contains("Logged in as"))
            let used = try await second.cookies.filter { $0["name"].text == "__Host-ent_login_remember" }
            #expect(used.count == 1)
            #expect(used.first?["value"] != cookies.first?["value"], "a token is good once")
            try await second.logOut()
            try await second.go(Stage.login)
            #expect(try await second.has("#password"), "a logout ends that too")
            try await second.quit()
        }
    }
}
