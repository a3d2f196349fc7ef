import Foundation
import TestBed

/// One Chromium with one window, and a person before it.
struct Browser: Sendable {
    /// What a browser may be started with.
    struct Options: Sendable {
        /// The proxy's port, to which all hosts of example.org lead.
        var proxy: ProxyServer
        /// The port of an attacker's site, `http://evil.test`.
        var attacker: Int
        /// The folder of the profile.
        var profile: String
        /// What the browser's language is set to.
        var language = "en"
    }

    private let driver: Driver
    private let id: String

    private init(_ driver: Driver, _ id: String) {
        (self.driver, self.id) = (driver, id)
    }

    /// Starts a browser.
    static func open(_ options: Options, by driver: Driver) async throws -> Browser {
        var arguments = [
            "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
            "--disable-extensions", "--disable-features=Translate,OptimizationHints,MediaRouter",
            "--remote-debugging-pipe", "--window-size=1280,900", "--user-data-dir=\(options.profile)",
            "--lang=\(options.language)", "--accept-lang=\(options.language)",
            // Our certificate is believed because of its key, and not because nothing is checked.
            "--ignore-certificate-errors-spki-list=\(try await certificateKey(options.proxy))",
            "--host-resolver-rules=MAP *.example.org:443 127.0.0.1:\(options.proxy.port), "
                + "MAP evil.test:80 127.0.0.1:\(options.attacker), MAP * ~NOTFOUND, EXCLUDE localhost, "
                + "EXCLUDE 127.0.0.1",
        ]
        // Its sandbox is for users other than root.
        if getuid() == 0 { arguments.append("--no-sandbox") }
        let capabilities: JSON = [
            "capabilities": [
                "alwaysMatch": [
                    "browserName": "chrome", "pageLoadStrategy": "normal",
                    "timeouts": ["implicit": 0, "pageLoad": 60_000, "script": 30_000],
                    "goog:loggingPrefs": ["browser": "ALL"],
                    "goog:chromeOptions": ["args": .array(arguments.map { .string($0) })],
                ]
            ]
        ]
        let session = try await driver.send("POST", "/session", capabilities)
        guard let id = session["sessionId"].text else { throw TestBedError("no session: \(session)") }
        return Browser(driver, id)
    }

    private static func certificateKey(_ proxy: ProxyServer) async throws -> String {
        let pipe = "openssl x509 -in '\(proxy.certificateFile)' -pubkey -noout | openssl pkey -pubin -outform der"
        let result = try await Command.run("sh", ["-c", "\(pipe) | openssl dgst -sha256 -binary | base64"])
        try result.check("openssl")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Closes the window, and ends the browser as a person does.
    func quit() async throws {
        _ = try await driver.send("DELETE", "/session/\(id)")
    }

    @discardableResult
    private func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        try await driver.send(method, "/session/\(id)\(path)", body)
    }

    // MARK: Going to pages

    /// Goes to an address, and waits until the page is there.
    func go(_ address: String) async throws {
        try await send("POST", "/url", ["url": .string(address)])
    }

    /// The address that is shown.
    var address: String {
        get async throws { try await send("GET", "/url").text ?? "" }
    }

    /// The title of the page.
    var title: String {
        get async throws { try await send("GET", "/title").text ?? "" }
    }

    /// Presses Back.
    func back() async throws {
        try await send("POST", "/back", [:])
    }

    /// Does something that leads to another page, and waits until that is there.
    func follow(_ action: () async throws -> Void) async throws {
        let page: JSON = "return [performance.timeOrigin, document.readyState]"
        let before = try await send("POST", "/execute/sync", ["script": page, "args": []]).items.first
        try await action()
        let end = ContinuousClock.now + .seconds(40)
        while ContinuousClock.now < end {
            // In between there may be no page to ask.
            let now = (try? await send("POST", "/execute/sync", ["script": page, "args": []]))?.items ?? []
            if now.count == 2, now.first != before, now.last == "complete" { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestBedError("no other page has come: \(try await address)")
    }

    // MARK: What a page shows

    /// The text that a person sees.
    var text: String {
        get async throws { try await text(of: "body") }
    }

    /// The text that a person sees of the first element of a selector.
    func text(of selector: String) async throws -> String {
        try await send("GET", "/element/\(try await find(selector))/text").text ?? ""
    }

    /// Whether there is an element of a selector.
    func has(_ selector: String) async throws -> Bool { try await !all(selector).isEmpty }

    /// How many elements of a selector there are.
    func count(_ selector: String) async throws -> Int { try await all(selector).count }

    /// A property of the first element of a selector.
    func property(_ name: String, of selector: String) async throws -> String? {
        try await send("GET", "/element/\(try await find(selector))/property/\(name)").text
    }

    /// An attribute of the first element of a selector.
    func attribute(_ name: String, of selector: String) async throws -> String? {
        try await send("GET", "/element/\(try await find(selector))/attribute/\(name)").text
    }

    private func all(_ selector: String) async throws -> [String] {
        let found = try await send("POST", "/elements", ["using": "css selector", "value": .string(selector)])
        return found.items.compactMap { $0["element-6066-11e4-a52e-4f735466cecf"].text }
    }

    private func find(_ selector: String) async throws -> String {
        guard let first = try await all(selector).first else {
            throw TestBedError("no \(selector) at \(try await address): \(try await text(of: "body"))")
        }
        return first
    }

    // MARK: What a person does

    /// Types into a field, in the place of what stands there.
    func type(_ text: String, into selector: String) async throws {
        let element = try await find(selector)
        try await send("POST", "/element/\(element)/clear", [:])
        try await send("POST", "/element/\(element)/value", ["text": .string(text)])
    }

    /// Clicks on something that leads to another page.
    func click(_ selector: String) async throws {
        let element = try await find(selector)
        try await follow { try await send("POST", "/element/\(element)/click", [:]) }
    }

    /// Clicks on something that leads nowhere.
    func tick(_ selector: String) async throws {
        try await send("POST", "/element/\(try await find(selector))/click", [:])
    }

    /// Presses keys, wherever the focus is.
    func press(_ keys: String) async throws {
        let actions = keys.flatMap { key -> [JSON] in
            [["type": "keyDown", "value": .string(String(key))], ["type": "keyUp", "value": .string(String(key))]]
        }
        try await send("POST", "/actions", ["actions": [["type": "key", "id": "keys", "actions": .array(actions)]]])
    }

    // MARK: What only a tester does

    /// Runs a script in the page.
    func run(_ script: String, _ arguments: JSON...) async throws -> JSON {
        try await send("POST", "/execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    /// Sends a command of the Chrome DevTools protocol.
    @discardableResult
    func tell(_ command: String, _ parameters: JSON = [:]) async throws -> JSON {
        try await send("POST", "/goog/cdp/execute", ["cmd": .string(command), "params": parameters])
    }

    /// The id of the element that has the focus; the browser sets it a moment after the page is there.
    var focus: String? {
        get async throws {
            try await waitFor("return document.activeElement === document.body ? null : document.activeElement.id").text
        }
    }

    /// Asks a page until it has an answer other than null.
    func waitFor(_ script: String) async throws -> JSON {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let answer = try await run(script)
            if answer != .null { return answer }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestBedError("the page had no answer to \(script)")
    }

    /// Makes it another browser, or one of another language.
    func pretend(userAgent: String? = nil, language: String = "en") async throws {
        let own = try await tell("Browser.getVersion")["userAgent"].text ?? ""
        try await tell(
            "Network.setUserAgentOverride",
            ["userAgent": .string(userAgent ?? own), "acceptLanguage": .string(language)]
        )
    }

    /// The cookies as the browser keeps them, whatever the host.
    var cookies: [JSON] {
        get async throws { try await tell("Network.getAllCookies")["cookies"].items }
    }

    /// What the browser has complained about since it was asked last: files that are not there, and what a policy forbids.
    func complaints() async throws -> [String] {
        let entries = try await send("POST", "/se/log", ["type": "browser"]).items
        return entries.filter { $0["level"] != "INFO" }.compactMap { $0["message"].text }.filter { text in
            // Pages that are shown with a status above 399 are no missing files.
            !text.contains("the server responded with a status of") || text.contains("/assets/")
                || text.contains(".png")
        }
    }

    /// A picture of the whole page, as PNG.
    func picture() async throws -> Data {
        let shot = try await tell("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        return Data(base64Encoded: shot["data"].text ?? "") ?? Data()
    }

    /// Forgets everything that pages have left, and every pretence.
    func forget() async throws {
        try await go("about:blank")
        for command in [
            "Network.clearBrowserCookies", "Network.clearBrowserCache", "Emulation.clearDeviceMetricsOverride",
        ] {
            try await tell(command)
        }
        try await tell("Emulation.setEmulatedMedia", ["media": "", "features": []])
        try await tell("Emulation.setScriptExecutionDisabled", ["value": false])
        try await tell("Network.setUserAgentOverride", ["userAgent": ""])
    }
}
