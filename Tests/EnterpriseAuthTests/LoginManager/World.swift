import EnterpriseAuthTesting
import HostSystem
import Logging
import Synchronization
import Testing

@testable import EnterpriseAuth

/// A manager with a scripted provider, a scripted judge and a clock that stands still.
struct World {
    static let browser = SessionClient(address: "192.0.2.7", userAgent: "Browser/1.0")
    static let outage = Outage(.unreachable, source: "corp", step: "connect", detail: "nobody there")

    let clock: ManualClock
    let provider: ScriptedProvider
    let judge: ScriptedJudge
    let store: (any SessionStore)?
    let audit = RecordingAuditLog()
    let pauses = Pauses()
    let manager: LoginManager
    var configuration: LoginConfiguration

    /// The times until which refusals were held back; nothing really waits.
    final class Pauses: Sendable {
        private let instants = Mutex<[ContinuousClock.Instant]>([])

        var all: [ContinuousClock.Instant] { instants.withLock { $0 } }

        func add(_ instant: ContinuousClock.Instant) { instants.withLock { $0.append(instant) } }
    }

    init(
        store: (any SessionStore)? = MemorySessionStore(),
        clock: ManualClock = ManualClock(),
        provider: ScriptedProvider = ScriptedProvider(name: "corp"),
        chain: ProviderChain? = nil,
        judge: ScriptedJudge = ScriptedJudge(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        configure: (inout LoginConfiguration) -> Void = { _ in },
        userLoader: UserLoader? = nil
    ) {
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: [:],
            active: active
        )
        configure(&configuration)
        self.configuration = configuration
        self.store = store
        self.clock = clock
        self.provider = provider
        self.judge = judge
        let pauses = pauses
        manager = LoginManager(
            configuration: configuration,
            sources: PersonSources(
                chain: chain ?? ProviderChain(providers: [provider]),
                judge: judge,
                userLoader: userLoader
            ),
            store: store,
            trail: AuditTrail(logs: [audit]),
            clock: clock,
            logger: logger,
            pause: { pauses.add($0) }
        )
        for name in ["alice", "bob"] { provider.add(Self.identity(name), password: "\(name)'s password") }
    }

    /// The same world after a restart of the process.
    func restarted() -> World {
        let configuration = configuration
        return World(store: store, clock: clock, provider: provider, judge: judge) { $0 = configuration }
    }

    static func identity(_ name: String, passwordVersion: String? = "1") -> Identity {
        Identity(
            userID: UserID(source: "corp", value: "id-\(name)"),
            loginName: name,
            provider: "corp",
            source: .directory(name: "corp", dn: "uid=\(name),dc=example"),
            passwordVersion: passwordVersion
        )
    }

    static func credentials(_ name: String, _ password: String? = nil) throws -> Credentials {
        let password = password ?? "\(name)'s password"
        return try Credentials(username: name, password: SecretBytes(Array(password.utf8)))
    }

    @discardableResult
    func login(
        _ name: String = "alice",
        client: SessionClient = browser,
        replacing: SessionToken? = nil,
        remember: Bool = false
    ) async throws -> LoginSuccess {
        let credentials = try Self.credentials(name)
        let result = await manager.login(credentials, client: client, replacing: replacing, remember: remember)
        guard case .success(let success) = result else {
            throw ConformanceFailure("\(name) could not log in: \(result)")
        }
        return success
    }

    func resolve(_ token: SessionToken, client: SessionClient = browser) async -> Resolution {
        await manager.resolve(token, client: client)
    }

    func session(_ token: SessionToken, client: SessionClient = browser) async -> ResolvedSession? {
        await resolve(token, client: client).session
    }
}

extension Resolution {
    /// Why it is nobody's.
    var anonymousReason: AnonymousReason? {
        if case .anonymous(let reason) = self { reason } else { nil }
    }

    var outage: Outage? {
        if case .unavailable(let outage) = self { outage } else { nil }
    }
}

extension LoginResult {
    var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    var success: LoginSuccess? {
        if case .success(let success) = self { success } else { nil }
    }

    var outage: Outage? {
        if case .unavailable(let outage) = self { outage } else { nil }
    }
}

extension RenewalResult {
    var success: LoginSuccess? {
        if case .renewed(let success) = self { success } else { nil }
    }

    var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}
