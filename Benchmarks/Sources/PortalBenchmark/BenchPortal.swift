internal import BenchmarkSupport
internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import Foundation
internal import HTTPTypes
internal import HostSystem
internal import Hummingbird
internal import Logging

/// A portal in this process, and beside it plain routes of the same web server to compare with.
final class BenchPortal: Sendable {
    static let host = "wiki.example.org"

    let manager: LoginManager
    let ports: Ports
    private let tasks: [Task<Void, any Error>]
    private let assembly: LoginAssembly

    /// Where everything listens.
    struct Ports: Sendable {
        let pages: UInt16
        let authz: UInt16
        let plain: UInt16
    }

    /// Starts a portal and the plain routes, and waits until all of them listen.
    init(configurationFile: String) async throws {
        let configuration = try LoginConfiguration.load(from: configurationFile)
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        assembly = try LoginAssembly(configuration)
        let deadline = ContinuousClock.now + .seconds(10)
        for failure in await assembly.start(deadline: deadline) + assembly.accessPolicy.start(deadline: deadline) {
            throw failure
        }
        manager = LoginManager(
            configuration: configuration,
            chain: assembly.providers,
            judge: assembly.activePolicy,
            store: nil
        )
        guard let settings = configuration.portal else { throw UnexpectedOutcome(description: "there is no [portal]") }
        let parts = PortalParts(manager: manager, access: assembly.accessPolicy, metrics: PrometheusRegistry()) {
            PortalReadiness(directories: [])
        }
        let portal = try Portal(
            parts,
            appearance: try PortalAppearance(reading: settings),
            configuration: configuration
        )

        let (listening, isListening) = AsyncStream.makeStream(of: [PortalServer.Listener].self)
        let server = PortalServer(portal, logger: logger) { isListening.yield($0) }
        let (plainListening, isPlainListening) = AsyncStream.makeStream(of: UInt16.self)
        let plain = Application(
            router: Self.plainRouter(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { isPlainListening.yield(UInt16(clamping: $0.localAddress?.port ?? 0)) },
            logger: logger
        )
        tasks = [
            Task { [manager] in await manager.run() },
            Task { try await server.run() },
            Task { try await plain.runService(gracefulShutdownSignals: []) },
        ]
        var listeners: [PortalServer.Listener] = []
        for await found in listening {
            listeners = found
            break
        }
        var port: UInt16 = 0
        for await found in plainListening {
            port = found
            break
        }
        guard let pages = listeners.first(where: \.isPublic)?.port,
            let authz = listeners.first(where: { !$0.isPublic })?.port
        else { throw UnexpectedOutcome(description: "the portal does not listen: \(listeners)") }
        ports = Ports(pages: pages, authz: authz, plain: port)
    }

    /// Routes that do nothing: one answers with the headers that the portal's answer has, one with none.
    private static func plainRouter() -> Router<BasicRequestContext> {
        let router = Router()
        var headers: HTTPFields = [.cacheControl: "no-store"]
        for (name, value) in [
            ("Remote-User", "alice"), ("Remote-Groups", "employees,engineering"), ("Remote-Name", "Alice Example"),
            ("Remote-Email", "alice@example.org"),
        ] {
            guard let name = HTTPField.Name(name) else { continue }
            headers[name] = value
        }
        router.get("/equal") { [headers] _, _ in Response(status: .ok, headers: headers) }
        router.get("/empty") { _, _ in Response(status: .ok) }
        return router
    }

    /// Logs somebody in with a password, and opens a session at the protected host.
    /// - Returns: The token of that host.
    func login(_ name: String) async throws -> SessionToken {
        let client = SessionClient(kind: .web, address: "192.0.2.7", userAgent: "wrk")
        let credentials = try Credentials(username: name, password: SecretBytes("open-\(name)".utf8))
        let result = await manager.login(credentials, client: client)
        guard case .success(let success) = result,
            case .active(let session) = await manager.resolve(success.token, client: client),
            let token = try await manager.openChild(of: session, for: Self.host, client: client)
        else { throw UnexpectedOutcome(description: "\(name): \(result)") }
        return token
    }

    /// Ends everything.
    func shutdown() async {
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
        await manager.close()
        await assembly.shutdown()
    }
}
