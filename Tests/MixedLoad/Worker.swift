internal import TestBed
internal import TestWeb

/// A person with a browser who logs in, reads pages, and logs out, over and over.
struct Worker: Sendable {
    private let world: ProxyWorld
    private let person: TestPerson
    private let tally: Tally

    init(_ world: ProxyWorld, _ person: TestPerson, _ tally: Tally) {
        (self.world, self.person, self.tally) = (world, person, tally)
    }

    func work(until end: ContinuousClock.Instant) async {
        while ContinuousClock.now < end {
            do {
                try await day(until: end)
            } catch {
                await tally.complain("\(person.user): \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func day(until end: ContinuousClock.Instant) async throws {
        let browser = Browser(world)
        var page = try await browser.visit("/start")
        if page.status == 200, !page.isOfApplication { page = try await browser.logIn(page, as: person) }
        guard page.isOfApplication else { return try await unavailable(page, "at the login") }
        await tally.count("logged in")
        try await look(page)
        for turn in 0..<Int.random(in: 10...80) where ContinuousClock.now < end {
            let page = try await browser.send("GET", "/docs?turn=\(turn)")
            if page.isOfApplication {
                try await look(page)
            } else if page.status == 303 || page.status == 401 {
                // Somebody else has not logged this person out, so the session must live through every reload.
                await tally.complain("\(person.user): the session is gone: \(page)")
                return
            } else {
                try await unavailable(page, "at a page")
            }
            if turn % 7 == 0 { try await rule(browser) }
        }
        try await logOut(browser)
    }

    /// The application sees this person and nobody else.
    private func look(_ page: WebAnswer) async throws {
        let seen = try SeenRequest(page)
        await tally.count("passed")
        if seen["Remote-User"] != [person.user] {
            await tally.complain("\(person.user) was shown as \(seen["Remote-User"]): \(seen)")
        }
    }

    /// A page for engineers.
    private func rule(_ browser: Browser) async throws {
        let page = try await browser.send("GET", "/engineering/plans")
        let isEngineer = ["alice", "carol", "kim"].contains(person.user)
        if page.isOfApplication {
            if isEngineer {
                try await look(page)
            } else {
                await tally.complain("\(person.user) is no engineer: \(page)")
            }
        } else if page.status == 403, !isEngineer {
            await tally.count("forbidden")
        } else {
            try await unavailable(page, "at a page for engineers")
        }
    }

    private func logOut(_ browser: Browser) async throws {
        let old = await browser.cookies[ProxyWorld.wiki]?["__Host-ent_login"] ?? ""
        let question = try await browser.visit("/logout", at: ProxyWorld.login)
        guard question.status == 200 else { return try await unavailable(question, "at the logout") }
        let answer = try await browser.submit(Browser.fields(of: question), to: "/logout")
        guard answer.status == 200 else { return try await unavailable(answer, "at the logout") }
        await tally.count("logged out")
        let thief = Browser(world)
        await thief.add("__Host-ent_login", old, at: ProxyWorld.wiki)
        let page = try await thief.send("GET", "/docs")
        if page.isOfApplication { await tally.complain("\(person.user): a token works after the logout: \(page)") }
    }

    /// An answer that only an outage explains; everything else is wrong.
    private func unavailable(_ page: WebAnswer, _ place: String) async throws {
        guard page.status == 503 else { return await tally.complain("\(person.user) \(place): \(page)") }
        await tally.count("unavailable")
        try await Task.sleep(for: .milliseconds(200))
    }
}
