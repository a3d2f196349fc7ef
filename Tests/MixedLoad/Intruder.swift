internal import TestBed
internal import TestWeb

/// Those who must never get in.
struct Intruder: Sendable {
    private let world: ProxyWorld
    private let tally: Tally

    init(_ world: ProxyWorld, _ tally: Tally) {
        (self.world, self.tally) = (world, tally)
    }

    /// Somebody with the right password who is not active.
    func suspended(_ person: TestPerson, until end: ContinuousClock.Instant) async {
        await again(until: end, pause: .milliseconds(400)) {
            let browser = Browser(world)
            let form = try await browser.visit("/start")
            guard form.status == 200 else { return await refused(form, person.user) }
            await refused(try await browser.logIn(form, as: person), person.user)
            await refused(try await browser.send("GET", "/docs"), person.user)
        }
    }

    /// Somebody who has made a token up and claims to be root.
    func forge(until end: ContinuousClock.Instant) async {
        await again(until: end, pause: .milliseconds(20)) {
            let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
            let browser = Browser(world)
            let token = String((0..<43).map { _ in letters.randomElement() ?? "a" })
            await browser.add("__Host-ent_login", token, at: ProxyWorld.wiki)
            let claims = ["Remote-User: root", "X-Forwarded-User: root", "X-Original-URL: https://open.example.org/"]
            await refused(try await browser.send("GET", "/docs", headers: claims), "a made-up token")
            let open = try await browser.send("GET", "/public/", headers: claims)
            if open.isOfApplication, try SeenRequest(open).folded("Remote-User") != [] {
                await tally.complain("a stranger was shown as somebody: \(open)")
            }
        }
    }

    /// Somebody who guesses other people's passwords.
    func guess(until end: ContinuousClock.Instant) async {
        await again(until: end, pause: .milliseconds(500)) {
            let browser = Browser(world)
            let form = try await browser.visit("/start")
            guard form.status == 200 else { return await refused(form, "a guess") }
            var fields = Browser.fields(of: form)
            fields["username"] = "less"
            fields["password"] = "guess-\(Int.random(in: 0..<1_000_000))"
            await refused(try await browser.submit(fields, to: "/login"), "a guess")
            await refused(try await browser.send("GET", "/docs"), "a guess")
        }
    }

    private func refused(_ page: WebAnswer, _ who: String) async {
        if page.isOfApplication { return await tally.complain("\(who) got in: \(page)") }
        if page.status == 503 { return await tally.count("unavailable") }
        if page.status >= 500 { return await tally.complain("\(who): \(page)") }
        await tally.count("refused")
    }

    private func again(
        until end: ContinuousClock.Instant,
        pause: Duration,
        _ attempt: () async throws -> Void
    ) async {
        while ContinuousClock.now < end {
            do {
                try await attempt()
                try await Task.sleep(for: pause)
            } catch {
                await tally.complain("an intruder: \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
