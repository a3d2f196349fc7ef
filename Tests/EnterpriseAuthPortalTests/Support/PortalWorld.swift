import EnterpriseAuth
import EnterpriseAuthHummingbird
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import Logging
import Testing

@testable import EnterpriseAuthPortal

/// A portal over people of a scripted directory, and a clock that stands still.
struct PortalWorld {
    static let portal = "http://localhost"
    static let wiki = "http://wiki.localhost"
    static let outage = Outage(.unreachable, source: "corp", step: "connect", detail: "nobody there")

    let clock = ManualClock()
    let provider = ScriptedProvider(name: "corp")
    let judge = ScriptedJudge()
    let audit = RecordingAuditLog()
    let manager: LoginManager
    let access: AccessPolicy
    let portalObject: Portal
    let publicRouter: Router<BasicLoginRequestContext>
    let internalRouter: Router<BasicLoginRequestContext>

    init(
        rules: [AccessRuleConfiguration]? = nil,
        configure: (inout LoginConfiguration) -> Void = { _ in }
    ) throws {
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: [:],
            active: active
        )
        configuration.login.refusalTime = .zero
        var portal = PortalConfiguration(publicURL: WebOrigin(scheme: "http", host: "localhost"))
        portal.trustedProxies = [try #require(NetworkRange(parsing: "127.0.0.1"))]
        portal.redirectHosts = ["*.example.org"]
        var open = AccessRuleConfiguration(host: "*.localhost")
        open.paths = ["/public"]
        open.allow = .everyone
        portal.access = rules ?? [open, AccessRuleConfiguration(host: "*.localhost")]
        configuration.portal = portal
        configure(&configuration)
        for name in ["alice", "bob"] {
            let identity = Self.identity(name)
            provider.add(identity, password: "\(name)'s password")
            judge.set(.active(groups: ["Staff", "Größe, 100%"]), for: identity.userID)
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: [provider]),
            judge: judge,
            store: nil,
            auditLogs: [audit],
            clock: clock,
            logger: logger
        )
        access = AccessPolicy(
            configuration.portal?.access ?? [],
            active: active,
            directory: nil,
            localGroups: nil,
            logger: logger
        )
        let parts = PortalParts(manager: manager, access: access) { PortalReadiness(directories: []) }
        let appearance = try PortalAppearance(reading: try #require(configuration.portal))
        portalObject = try Portal(parts, appearance: appearance, configuration: configuration)
        publicRouter = portalObject.publicRouter()
        internalRouter = portalObject.internalRouter()
    }

    static func identity(_ name: String) -> Identity {
        Identity(
            userID: UserID(source: "corp", value: "id-\(name)"),
            loginName: name,
            provider: "corp",
            source: .directory(name: "corp", dn: "uid=\(name),dc=example"),
            displayName: "\(name.prefix(1).uppercased())\(name.dropFirst()) <Archer>",
            email: "\(name)@example.org"
        )
    }

    /// A browser at the portal's public listener.
    func browser() -> PortalBrowser { PortalBrowser(publicRouter, peer: "127.0.0.1") }

    /// A proxy at the internal listener.
    func proxy(peer: String? = "127.0.0.1") -> PortalBrowser {
        PortalBrowser(internalRouter, peer: peer, quick: portalObject.auth)
    }

    /// Fills the login form in.
    @discardableResult
    func login(
        _ browser: PortalBrowser,
        _ name: String = "alice",
        password: String? = nil,
        at url: String = portal + "/login"
    ) async throws -> PortalBrowser.Answer {
        var fields = try await browser.get(url).fields
        (fields["username"], fields["password"]) = (name, password ?? "\(name)'s password")
        return try await browser.post(Self.portal + "/login", fields)
    }

    /// Asks as Traefik and Caddy do, with the cookies that a browser has for the host.
    func ask(
        _ host: String,
        _ target: String = "/",
        method: String = "GET",
        cookies: [String: String] = [:],
        more: HTTPFields = [:]
    ) async throws -> PortalBrowser.Answer {
        let proxy = proxy()
        proxy["authz"] = cookies
        var headers = more
        headers[.forwardedMethod] = method
        headers[.forwardedProto] = "http"
        headers[.forwardedHost] = host
        headers[.forwardedUri] = target
        headers[.forwardedFor] = "192.0.2.7"
        return try await proxy.get("http://authz/api/authz/forward-auth", headers)
    }
}
