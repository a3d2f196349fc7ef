import Foundation
import TestBed
import Testing

extension RealBrowser {
    @Suite("people at the login page")
    struct LoginJourneyTests {
        @Test("with the right password are in, and see who they are")
        func right() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go(Stage.login)
            #expect(try await browser.title == "Log in – Example Company")
            #expect(try await browser.text.contains("Please log in to see this page."))
            #expect(try await browser.focus == "username")
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.address == "\(Stage.login)/")
            let text = try await browser.text
            #expect(text.contains("Your account") && text.contains("alice") && text.contains("employees"))
            #expect(try await browser.text(of: "header").contains("Logged in as"))
            #expect(try await browser.has("form[action=\"/logout\"]"), "a way out on every page (ASVS 7.4.4)")
        }

        @Test("see one and the same page whatever is wrong, and what they typed but the password")
        func refused() async throws {
            let (_, browser) = try await Stage.enter()
            var pages: Set<String> = []
            let attempts = [
                ("alice", "wrong"), ("sam", "open-sam"), ("sam", "wrong"), ("nora", "open-nora"), ("disa", "open-disa"),
                ("nobody", "open-nobody"),
            ]
            for (user, password) in attempts {
                try await browser.go("\(Stage.login)/login")
                try await browser.logIn(user, password)
                #expect(try await browser.address == "\(Stage.login)/login")
                #expect(try await browser.title == "⚠ Log in – Example Company")
                #expect(try await browser.property("value", of: "#username") == user)
                #expect(try await browser.property("value", of: "#password") == "")
                #expect(try await browser.focus == "password")
                let alert = try await browser.text(of: "[role=alert]")
                #expect(
                    alert == "The user name or password is not right, or this account may not log in here.",
                    "\(user) \(password)"
                )
                let html = try await browser.run("return document.documentElement.outerHTML").text ?? ""
                let page = html.replacing(#/name="csrf" value="[^"]*"/#, with: "")
                pages.insert(page.replacing("\"\(user)\"", with: "WHO"))
            }
            #expect(pages.count == 1, "nothing in the page may tell one refusal from another: \(pages)")
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.address == "\(Stage.login)/", "another try is all it takes")
        }

        @Test("are told that nobody could say while the directory is down, and logged in by the same form afterwards")
        func outage() async throws {
            let (_, browser) = try await Stage.enter()
            let annex = try await Annex.start()
            try await browser.go("\(annex.portal.url)/login")
            try annex.directory.kill()
            try await browser.logIn(as: .named("alice"))
            let alert = try await browser.text(of: "[role=alert]")
            #expect(alert.contains("temporarily unavailable") && !alert.contains("not right"))
            #expect(try await browser.property("value", of: "#username") == "alice")
            try await annex.directory.restart()
            let end = ContinuousClock.now + .seconds(60)
            repeat {
                try await browser.logIn(as: .named("alice"))
            } while try await browser.has("#password") && ContinuousClock.now < end
            #expect(try await browser.text.contains("Your account"))
            await annex.directory.stop()
        }

        @Test("come back to the page that they had asked for, at the portal or at a protected host")
        func next() async throws {
            let (_, browser) = try await Stage.enter()
            let wanted = "\(Stage.wiki)/docs/page?x=1&y=a%20b"
            try await browser.go(wanted)
            #expect(try await browser.address.hasPrefix("\(Stage.login)/login"))
            try await browser.logIn("alice", "wrong")
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.address == wanted, "a wrong password on the way makes no difference")
            #expect(try await browser.text.contains(#"["Remote-User", "alice"]"#))
            try await browser.go("\(Stage.login)/login?next=%2F%3Ffrom%3Dlink")
            #expect(try await browser.address == "\(Stage.login)/?from=link", "logged in already")
        }

        @Test("are told by a right password only that it must be changed, or will have to be soon")
        func change() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.login)/login")
            try await browser.logIn("reset", "wrong")
            #expect(try await browser.text(of: "[role=alert]").contains("not right"))
            try await browser.logIn(as: .named("reset"))
            #expect(try await browser.text(of: "[role=alert]").contains("must be changed"))
            #expect(try await browser.cookies.allSatisfy { $0["name"].text != "__Host-ent_login" })
            try await browser.logIn(as: .named("soon"))
            #expect(try await browser.text(of: "[role=status]").contains("expires in"))
        }

        @Test("answer what the login asks besides the password")
        func challenge() async throws {
            let (_, browser) = try await Stage.enter()
            let annex = try await Annex.asking()
            try await browser.go("\(annex.portal.url)/login?next=%2F%3Fa%3Db")
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.title.hasPrefix("One more step"))
            let text = try await browser.text
            #expect(text.contains("A code was sent to your telephone.") && text.contains("One-time code:"))
            #expect(try await browser.focus == "answer-0")
            #expect(try await browser.attribute("autocomplete", of: "#answer-0") == "one-time-code")
            #expect(try await browser.cookies.allSatisfy { $0["name"].text != "__Host-ent_login" })
            try await browser.type("111111", into: "#answer-0")
            try await browser.click("main form button")
            #expect(try await browser.text(of: "[role=alert]").contains("not right"))
            try await browser.logIn(as: .named("alice"))
            try await browser.type("246810", into: "#answer-0")
            try await browser.click("main form button")
            #expect(try await browser.address == "\(annex.portal.url)/?a=b")
            #expect(try await browser.text.contains("Your account"))
        }

        @Test("can leave both fields to a password manager")
        func passwordManager() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.login)/login")
            #expect(try await browser.attribute("autocomplete", of: "#username") == "username")
            #expect(try await browser.attribute("autocomplete", of: "#password") == "current-password")
            #expect(try await browser.attribute("type", of: "#password") == "password")
            #expect(try await browser.count("form") == 1)
            #expect(try await browser.count("form #username, form #password") == 2)
            // What is pasted or filled in arrives without a key being pressed.
            for (field, text) in [("username", "alice"), ("password", "open-alice")] {
                _ = try await browser.run("document.getElementById(arguments[0]).focus()", .string(field))
                try await browser.tell("Input.insertText", ["text": .string(text)])
            }
            try await browser.click("main form button[type=submit]")
            #expect(try await browser.address == "\(Stage.login)/")
        }

        @Test("need no JavaScript")
        func noScript() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.login)/login")
            #expect(try await browser.count("script") == 0)
            try await browser.tell("Emulation.setScriptExecutionDisabled", ["value": true])
            try await browser.go("\(Stage.wiki)/docs")
            try await browser.logIn("alice", "wrong")
            #expect(try await browser.text(of: "[role=alert]").contains("not right"))
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.address == "\(Stage.wiki)/docs")
            try await browser.go(Stage.login)
            try await browser.logOut()
            #expect(try await browser.text.contains("You have logged out."))
        }

        @Test("need no mouse")
        func keyboard() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.login)/login")
            try await browser.press("alice\(Keys.tab)open-alice")
            try await browser.follow { try await browser.press(Keys.enter) }
            #expect(try await browser.text.contains("Your account"))
            for _ in 0..<20
            where try await browser.run("return document.activeElement.form?.action ?? ''").text
                != "\(Stage.login)/logout"
            {
                try await browser.press(Keys.tab)
            }
            try await browser.follow { try await browser.press(Keys.enter) }
            #expect(try await browser.text.contains("You have logged out."))
            try await browser.press(Keys.tab)
            try await browser.follow { try await browser.press(Keys.enter) }
            #expect(try await browser.focus == "username")
        }

        @Test(
            "are spoken to in their language",
            arguments: [
                ("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden", "Ihr Konto"),
                ("fr-CH", "fr", "Se connecter", "Votre compte"), ("nl", "en", "Log in", "Your account"),
            ]
        )
        func languages(_ accepted: String, _ language: String, _ login: String, _ account: String) async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.pretend(language: accepted)
            try await browser.go("\(Stage.login)/login")
            #expect(try await browser.attribute("lang", of: "html") == language)
            #expect(try await browser.text(of: "h1") == login)
            try await browser.logIn("alice", "wrong")
            #expect(try await browser.title.hasPrefix("⚠ \(login)"))
            try await browser.logIn(as: .named("alice"))
            #expect(try await browser.text(of: "h1") == account)
        }
    }
}
