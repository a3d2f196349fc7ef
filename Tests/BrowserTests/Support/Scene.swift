import TestBed

/// The pages of the portal, each with what makes it hard to show.
enum Scene: String, CaseIterable {
    case login, german, refused, account, sessions, relogin
    case loggedOut = "logged-out"
    case notFound = "not-found"
    case challenge
    case longNames = "long-names"
    case longLogin = "long-login"
    case rightToLeft = "right-to-left"
    // These two kill the directory: they come last.
    case unavailable, outage

    /// The ways in which the page is looked at.
    var looks: [Look] {
        switch self {
        case .refused, .sessions, .longNames: Look.allCases
        default: Look.common
        }
    }

    /// Brings a browser to the page.
    /// - Parameter browser: The browser.
    /// - Returns: A portal that must live as long as the page is looked at.
    /// - Throws: What the browser says.
    func show(_ browser: Browser) async throws -> Annex? {
        switch self {
        case .login: try await browser.go(Stage.login)
        case .german:
            try await browser.pretend(language: "de")
            try await browser.go("\(Stage.login)/login")
            try await browser.logIn("reset", "open-reset")
        case .refused:
            try await browser.go("\(Stage.login)/login")
            try await browser.logIn("alice", "wrong")
        case .account: try await enter(browser, "soon")
        case .sessions:
            for _ in 0..<2 {
                try await enter(browser, "dora")
                try await browser.forget()
            }
            try await enter(browser, "dora")
        case .relogin:
            try await enter(browser, "alice")
            try await browser.go("\(Stage.login)/relogin")
        case .loggedOut:
            try await enter(browser, "alice")
            try await browser.logOut()
        case .notFound: try await browser.go("\(Stage.login)/nothing")
        case .challenge:
            let annex = try await Annex.asking()
            try await browser.go("\(annex.portal.url)/login")
            try await browser.logIn(as: .named("alice"))
            return annex
        case .longNames, .longLogin, .rightToLeft, .outage, .unavailable: return try await showAnnex(browser)
        }
        return nil
    }

    private func enter(_ browser: Browser, _ name: String) async throws {
        try await browser.go("\(Stage.login)/login")
        try await browser.logIn(as: .named(name))
    }

    private func showAnnex(_ browser: Browser) async throws -> Annex {
        let annex = try await Annex.shared()
        try await browser.go("\(annex.portal.url)/login")
        switch self {
        case .longNames:
            try await annex.name("alice", Annex.longName, mail: Annex.longMail)
            try await browser.logIn(as: .named("alice"))
        case .rightToLeft:
            try await annex.name("bob", "سلمى بنت عبد الرحمن (Salma)", mail: "salma@example.org")
            try await browser.logIn(as: .named("bob"))
        case .unavailable:
            try await browser.logIn(as: .named("alice"))
            try annex.directory.kill()
            let end = ContinuousClock.now + .seconds(30)
            while try await browser.text(of: "h1") == "Your account", ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(200))
                try await browser.go(annex.portal.url)
            }
        case .outage:
            // Dead already, if the scene before was shown.
            try? annex.directory.kill()
            try await browser.logIn(as: .named("alice"))
        default:
            try await browser.logIn(String(repeating: "a-very-long-name.", count: 10), "wrong")
        }
        return annex
    }
}
