import Foundation
import TestBed
import Testing

/// Where the journeys take place: the portal as it is shipped behind nginx with its recipe and TLS, an application that
/// it protects, an attacker's site, and a browser.
final class Stage: Sendable {
    static let login = "https://login.example.org"
    static let wiki = "https://wiki.example.org"
    static let evil = "http://evil.test"

    /// The stage of the suite that runs.
    @TaskLocal static var current: Stage?

    /// Why there can be none here, or nil.
    static var obstacle: String? {
        ["chromium", "chromedriver", "nginx", "caddy"].lazy.compactMap { Obstacle.missing($0) }.first
    }

    let portal: RunningPortal
    let driver: Driver
    let annex = LazyAnnex()
    private let proxy: ProxyServer
    private let application: EchoApplication
    private let attacker: RunningProgram
    private let attackerPort: Int
    private let scratch: ScratchDirectory
    private let browser: Browser

    /// The stage, with a browser that knows nothing of what was before.
    static func enter() async throws -> (stage: Stage, browser: Browser) {
        guard let current else { throw TestBedError("the suite has no stage") }
        try await current.browser.forget()
        return (current, current.browser)
    }

    /// Starts all of it.
    init() async throws {
        let server = try await SlapdServer.shared()
        scratch = try ScratchDirectory(name: "stage")
        application = try await EchoApplication.start()
        portal = try await RunningPortal.start(Self.options, for: server)
        let backends = ProxyServer.Backends(
            portal: portal.port,
            authz: portal.authz,
            application: application.port
        )
        proxy = try await ProxyServer.start(.nginx, before: backends)
        attackerPort = try FreePort.find()
        attacker = try RunningProgram(
            "caddy",
            ["file-server", "--root", scratch.path, "--listen", "127.0.0.1:\(attackerPort)"],
            environment: ["HOME": scratch.path, "XDG_DATA_HOME": scratch.path, "XDG_CONFIG_HOME": scratch.path]
        )
        try await Listening.wait(for: attackerPort, by: attacker)
        driver = try await Driver.start()
        let options = Browser.Options(proxy: proxy, attacker: attackerPort, profile: driver.profile("main"))
        browser = try await Browser.open(options, by: driver)
    }

    deinit {
        attacker.signal(SIGKILL)
        scratch.remove()
    }

    /// Ends the browser in an orderly way; the rest ends with the last reference.
    func close() async throws {
        await annex.stop()
        try await browser.quit()
    }

    /// Another browser of the same person or of somebody else.
    /// - Parameters:
    ///   - profile: The name of its profile; the same name again is the same browser, started again.
    ///   - language: What its language is set to.
    /// - Returns: The browser; whoever asked for it ends it.
    /// - Throws: `TestBedError` if it does not start.
    func anotherBrowser(_ profile: String, language: String = "en") async throws -> Browser {
        var options = Browser.Options(proxy: proxy, attacker: attackerPort, profile: driver.profile(profile))
        options.language = language
        return try await Browser.open(options, by: driver)
    }

    /// Puts a page on the attacker's site.
    /// - Parameters:
    ///   - html: The page.
    ///   - name: Its name.
    /// - Returns: Its address.
    /// - Throws: `TestBedError` if it cannot be written.
    func publish(_ html: String, as name: String) throws -> String {
        try scratch.write("<!DOCTYPE html><meta charset=utf-8>" + html, to: name)
        return "\(Self.evil)/\(name)"
    }

    private static var options: RunningPortal.Options {
        var options = RunningPortal.Options(publicURL: login)
        options.active = "none = [\"suspended\"]"
        options.portal = """
            redirect_hosts = ["*.example.org"]
            company = "Example Company"
            help = "Trouble logging in? Ask the service desk, extension 4242."
            """
        options.tables = """
            [remember]
            enabled = true

            [throttle]
            source_free_guesses = 1000

            [[portal.access]]
            host = "wiki.example.org"
            paths = ["/engineering"]
            groups = { any = ["engineering"] }

            [[portal.access]]
            host = "wiki.example.org"
            """
        return options
    }
}

/// Sets a stage for the whole of a suite, and takes it away at the end.
struct StageTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let stage = try await Stage()
        do {
            try await Stage.$current.withValue(stage) { try await function() }
        } catch {
            try? await stage.close()
            throw error
        }
        try await stage.close()
    }
}

extension Trait where Self == StageTrait {
    /// A stage for the whole suite.
    static var staged: StageTrait { StageTrait() }
}
