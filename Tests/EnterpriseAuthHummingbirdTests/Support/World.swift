import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import HostSystem
import Hummingbird
import HummingbirdTesting

@testable import EnterpriseAuthHummingbird

/// People of a scripted directory behind a small application, as a company has them.
struct World: Sendable {
    typealias Context = BasicLoginRequestContext

    static let outage = Outage(.unreachable, source: "corp", step: "connect", detail: "nobody there")

    let clock = ManualClock()
    let provider = ScriptedProvider(name: "corp")
    let judge = ScriptedJudge()
    let audit = RecordingAuditLog()
    let manager: LoginManager

    init(configure: (inout LoginConfiguration) -> Void = { _ in }) {
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: [:],
            active: active
        )
        configuration.login.refusalTime = .zero
        configure(&configuration)
        for name in ["alice", "bob"] {
            let identity = Self.identity(name)
            provider.add(identity, password: "\(name)'s password")
            judge.set(.active(groups: name == "alice" ? ["Staff", "Red"] : ["Staff"]), for: identity.userID)
        }
        manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: [provider]),
            judge: judge,
            store: nil,
            auditLogs: [audit],
            clock: clock
        )
    }

    static func identity(_ name: String) -> Identity {
        Identity(
            userID: UserID(source: "corp", value: "id-\(name)"),
            loginName: name,
            provider: "corp",
            source: .directory(name: "corp", dn: "uid=\(name),dc=example"),
            passwordVersion: "20260301090000Z"
        )
    }

    func web(_ configure: (inout WebLoginSettings) -> Void = { _ in }) -> WebLogin {
        var settings = WebLoginSettings()
        configure(&settings)
        return WebLogin(manager, settings: settings, clock: clock)
    }

    /// Runs a body with a browser in front of an application with a login by address, and what a test adds.
    func browse(
        loader: ((LoginManager) -> RequestLoader)? = nil,
        configure: (inout WebLoginSettings) -> Void = { _ in },
        routes: (Router<Context>) -> Void = { _ in },
        _ body: @Sendable (Browser) async throws -> Void
    ) async throws {
        let web = web { settings in
            settings.requestLoader = loader?(manager)
            configure(&settings)
        }
        let router = Router(context: Context.self)
        router.add(middleware: LoginMiddleware(web))
        router.get("/plain") { _, _ in "plain" }
        router.get("/who") { _, context in
            let user = try await context.login.user()
            return (user as? DirectoryUser)?.loginName ?? user.id?.rawValue ?? "nobody"
        }
        router.get("/login/{name}") { _, context in
            let name = try context.parameters.require("name")
            let password = SecretBytes(Array("\(name)'s password".utf8))
            guard case .success = try await context.login.login(username: name, password: password) else { return "no" }
            return "yes"
        }
        router.get("/logout") { _, context in try await context.login.logout() ? "was" : "was not" }
        router.group("/guarded").add(middleware: LoginRequired()).get("") { _, _ in "in" }
        routes(router)
        try await Application(router: router).test(.router) { try await body(Browser($0)) }
    }
}
