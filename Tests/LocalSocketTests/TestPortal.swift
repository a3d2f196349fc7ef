import EnterpriseAuth
import EnterpriseAuthTesting
import HostSystem
import Logging
import Synchronization
import TestBed

@testable import LocalSocket

/// A local socket in this process, with scripted people: alice, bob and nobody, who is a local person.
final class TestPortal: Sendable {
    static let nobody: UInt32 = 65_534

    let scratch: ScratchDirectory
    let provider = ScriptedProvider(name: "corp")
    let judge = ScriptedJudge()
    let audit = RecordingAuditLog()
    let log = RecordedLines()
    let manager: LoginManager
    private let server: LocalSocketServer
    private let task = Mutex<Task<Void, any Error>?>(nil)

    var path: String { server.path }

    init(
        limits: LocalSocketLimits = LocalSocketLimits(),
        scratch: ScratchDirectory? = nil,
        configure: (inout LoginConfiguration) -> Void = { _ in },
        reload: @escaping @Sendable () async -> ReloadResult = { .reloaded(warnings: []) }
    ) throws {
        self.scratch = try scratch ?? ScratchDirectory(name: "socket")
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: [:],
            active: active
        )
        configuration.login.refusalTime = .zero
        configuration.login.deadline = .seconds(10)
        configure(&configuration)
        let log = log
        manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: [provider]),
            judge: judge,
            store: MemorySessionStore(),
            auditLogs: [audit],
            logger: Logger(label: "test") { _ in log.handler }
        )
        server = LocalSocketServer(
            manager: manager,
            path: self.scratch.path("portal.socket"),
            limits: limits,
            logger: Logger(label: "test") { _ in log.handler },
            reload: reload
        )
        for name in ["alice", "bob"] { provider.add(Self.identity(name), password: "\(name)'s \"password\" ✓") }
        let local = Identity(
            userID: UserID(source: "corp", value: "nobody"),
            loginName: "nobody",
            provider: "corp",
            source: .local(provider: "corp", uid: Self.nobody)
        )
        provider.add(local, password: "nobody's password")
    }

    deinit {
        task.withLock { $0?.cancel() }
        scratch.remove()
    }

    static func identity(_ name: String) -> Identity {
        Identity(
            userID: UserID(source: "corp", value: "id-of-\(name)"),
            loginName: name,
            provider: "corp",
            source: .directory(name: "corp", dn: "uid=\(name)")
        )
    }

    static func password(_ name: String) -> SecretBytes {
        SecretBytes(Array((name == "nobody" ? "nobody's password" : "\(name)'s \"password\" ✓").utf8))
    }

    /// Opens the socket and answers.
    func start() async throws {
        try await server.open()
        let server = server
        task.withLock { $0 = Task { try await server.run() } }
    }

    /// Asks the server to end.
    func cancel() {
        task.withLock { $0?.cancel() }
    }

    /// Waits until it has ended.
    func end() async throws {
        cancel()
        try await task.withLock { $0 }?.value
    }

    func client() async throws -> LocalSocketClient? {
        try await LocalSocketClient.connect(to: path, deadline: .now + .seconds(10))
    }

    /// A connection without the manners of a client.
    func connection() async throws -> OwnedDescriptor {
        guard let address = SocketAddress(unixPath: path) else { throw TestBedError("the path is too long") }
        return try await NonBlockingSocket.connect(to: address, deadline: .now + .seconds(10))
    }

    /// A session of a person, begun in this process.
    func login(_ name: String) async throws -> LoginSuccess {
        let credentials = try Credentials(username: name, password: Self.password(name))
        guard case .success(let success) = await manager.login(credentials, client: .local) else {
            throw TestBedError("\(name) cannot log in")
        }
        return success
    }
}

extension LocalSocketClient {
    func ask(_ request: LocalRequest) async throws -> LocalAnswer {
        try await ask(request, deadline: .now + .seconds(20))
    }
}
