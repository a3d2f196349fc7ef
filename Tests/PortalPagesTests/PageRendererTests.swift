import Foundation
import PortalPages
import Testing

@Suite("Pages")
struct PageRendererTests {
    private static let hostile = #"<script>alert("x")</script>'&{{t.log_in}}"#

    private static func frame(
        _ phrases: Phrases = .english,
        person: String? = nil,
        notices: [Notice] = []
    ) -> PageFrame {
        PageFrame(phrases: phrases, style: "/assets/portal.css", icon: "/assets/icon", person: person, notices: notices)
    }

    /// One of each kind of page, filled with a text that must come out as text.
    private static func pages(_ text: String) -> [any Page] {
        var login = LoginPage(action: "/login", csrf: text, next: text, username: text, canRemember: true)
        login.remember = true
        var challenge = ChallengePage(
            action: "/login",
            csrf: text,
            step: text,
            messages: [text],
            prompts: [.init(text, echoes: true), .init(text, echoes: false)],
            startOver: "/login"
        )
        challenge.next = text
        var account = AccountPage(csrf: text, endAction: "/sessions", logoutAction: "/logout", loginName: text)
        (account.name, account.email, account.groups) = (text, text, [text, text])
        var session = AccountPage.Session(id: text, begin: text, seen: text)
        (session.device, session.address, session.isRemembered) = (text, text, true)
        var own = session
        own.isCurrent = true
        account.sessions = [session, own]
        account.remembered = [session, own]
        var message = MessagePage(title: "forbidden_title", text: text)
        (message.advice, message.link, message.reference) = (text, (text, "back"), text)
        return [
            login, ReloginPage(action: "/relogin", csrf: text, next: text, username: text), challenge, account, message,
        ]
    }

    private static func render(_ page: any Page, _ frame: PageFrame) throws -> String {
        let renderer = try PageRenderer(Brand(company: hostile, logo: nil, help: hostile))
        return renderer.render(page, in: frame)
    }

    @Test("show as text whatever is put into them", arguments: PageTemplate.allCases)
    func escaping(_ template: PageTemplate) throws {
        let page = try #require(Self.pages(Self.hostile).first { $0.template == template })
        let notices = [Notice(.error, Self.hostile)]
        let html = try Self.render(page, Self.frame(person: Self.hostile, notices: notices))
        #expect(!html.contains("<script"))
        #expect(!html.contains(#"alert("x")"#))
        // Neither in a text nor, with its quotes, in an attribute.
        #expect(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;{{t.log_in}}"))
    }

    @Test("have no place that is filled without escaping", arguments: PageTemplate.allCases)
    func templates(_ template: PageTemplate) throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../Sources/PortalPages/Templates").standardized
        let text = try String(contentsOf: folder.appending(path: "\(template.rawValue).mustache"), encoding: .utf8)
        #expect(!text.contains("{{{") && !text.contains("{{&"))
        #expect(!text.contains("<script") && !text.contains("style=") && !text.contains(" on"))
        // Each attribute's value stands in double quotes.
        #expect(text.matches(of: /=\{\{/).isEmpty && text.matches(of: /='/).isEmpty)
    }

    @Test("leave no place of a template or a text unfilled", arguments: PageTemplate.allCases, ["en", "de", "fr"])
    func complete(_ template: PageTemplate, language: String) throws {
        let page = try #require(Self.pages("x").first { $0.template == template })
        let phrases = PhraseBook().phrases(accepting: language)
        #expect(phrases.language == language)
        let html = try Self.render(page, Self.frame(phrases, person: "x"))
        #expect(html.contains(#"<html lang="\#(language)" dir="ltr">"#))
        for place in html.matches(of: /\{[a-z]+\}|\{\{/) {
            // The brand of these tests has two braces of its own.
            #expect(html[place.range.lowerBound...].hasPrefix("{{t.log_in}}"))
        }
        for label in html.matches(of: /<(?:h1|h2|button|label|dt)[^>]*>([^<]*)</) { #expect(!label.output.1.isEmpty) }
    }

    @Test("can be used by people who do not see them", arguments: PageTemplate.allCases)
    func accessibility(_ template: PageTemplate) throws {
        let page = try #require(Self.pages("x").first { $0.template == template })
        let html = try Self.render(page, Self.frame(notices: [Notice(.error, "no")]))
        #expect(html.matches(of: /<h1>/).count == 1)
        #expect(html.contains("<main>") && html.contains("<header>") && html.contains(#"role="alert""#))
        #expect(html.contains("<title>⚠ "))
        for field in html.matches(of: /<input id="([^"]+)"/) {
            #expect(html.contains(#"<label for="\#(field.output.1)">"#), "\(field.output.1)")
        }
        let ids = html.matches(of: /\sid="([^"]+)"/).map(\.output.1)
        #expect(Set(ids).count == ids.count)
        #expect(html.matches(of: /autofocus/).count <= 1)
    }

    @Test("send forms by POST only, each with its proof")
    func forms() throws {
        for page in Self.pages("x") {
            let html = try Self.render(page, Self.frame())
            let forms = html.matches(of: /<form [^>]*>/)
            #expect(forms.allSatisfy { $0.output.contains(#"method="post""#) })
            #expect(html.matches(of: /name="csrf" value="x"/).count == forms.count)
        }
    }

    @Test("let password managers work")
    func passwordManagers() throws {
        let login = try Self.render(LoginPage(action: "/login", csrf: "x"), Self.frame())
        #expect(login.contains(#"autocomplete="username""#) && login.contains(#"autocomplete="current-password""#))
        let relogin = try Self.render(ReloginPage(action: "/r", csrf: "x", username: "alice"), Self.frame())
        #expect(relogin.contains(#"value="alice" autocomplete="username" readonly"#))
    }
}
