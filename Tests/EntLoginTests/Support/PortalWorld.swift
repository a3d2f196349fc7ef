import EnterpriseAuth
import EnterpriseAuthSQLite
import EnterpriseAuthTesting
import Foundation
import HostSystem
import LocalSocket
import Synchronization
import TestBed

/// What a portal is to the command line: a process (this one) that has the session store and answers at the socket.
///
/// Its people are scripted; the program's own configuration names a directory where nobody answers, so that whatever a
/// command finds out it has from here.
final class PortalWorld: Sendable {
    let program: EntLoginProgram
    let provider = ScriptedProvider(name: "corp")
    let judge = ScriptedJudge()
    let path: String
    let socket: String
    private let running = Mutex<(manager: LoginManager, task: Task<Void, any Error>)?>(nil)

    /// What a test may want different in the program's configuration.
    struct Options {
        var store = "sqlite:@DIR@/sessions.sqlite"
        /// Further keys of `[portal]`.
        var portal = "socket = \"@DIR@/portal.socket\""
        /// Whether `[portal]` is there at all.
        var hasPortal = true
    }

    init(_ options: Options = Options()) throws {
        program = try EntLoginProgram()
        let directory = program.scratch.path
        socket = "\(directory)/portal.socket"
        let portal = "[portal]\npublic_url = \"https://login.example.org\"\n\(options.portal)"
        let text = """
            [login]
            providers = ["corp"]
            deadline = "2s"
            refusal_time = "0s"

            [providers.corp]
            type = "ldap"
            directory = "corp"

            [directories.corp]
            preset = "openldap"
            urls = ["ldaps://127.0.0.1:1"]
            base = "dc=example,dc=org"
            bind_dn = "cn=reader,dc=example,dc=org"
            bind_password = { file = "@DIR@/reader.secret" }

            [active]
            everyone = true

            [session]
            store = "\(options.store)"

            \(options.hasPortal ? portal : "")
            """
        // Only the portal can read it.
        try program.scratch.write("reader's password", to: "reader.secret")
        path = try program.scratch.write(
            text.replacing("@DIR@", with: directory),
            to: "ent-login.toml",
            permissions: 0o644
        )
        for name in ["alice", "bob"] { add(name) }
    }

    deinit {
        running.withLock { $0?.task.cancel() }
    }

    /// Adds a person of the directory, or with a number a local one.
    func add(_ name: String, uid: UInt32? = nil) {
        let source: IdentitySource =
            uid.map { .local(provider: "corp", uid: $0) } ?? .directory(name: "corp", dn: "uid=\(name)")
        let id = UserID(source: "corp", value: "id-of-\(name)")
        provider.add(
            Identity(userID: id, loginName: name, provider: "corp", source: source, displayName: "The \(name)"),
            password: "open-\(name)"
        )
    }

    /// Starts the portal: takes the store, and listens.
    func start(
        listening: Bool = true,
        reload: @escaping @Sendable () async -> ReloadResult = { .reloaded(warnings: []) }
    ) async throws {
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: [:],
            active: active
        )
        configuration.login.refusalTime = .zero
        configuration.throttle.freeGuesses = 2
        let store: any SessionStore = try await SQLiteSessionStore.open(program.scratch.path("sessions.sqlite"))
        let manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: [provider]),
            judge: judge,
            store: store
        )
        let server = LocalSocketServer(manager: manager, path: socket, reload: reload)
        if listening { try await server.open() }
        running.withLock { running in
            running = (manager, Task { if listening { try await server.run() } })
        }
    }

    /// Ends the portal as its service would.
    func stop() async throws {
        guard let (manager, task) = running.withLock({ $0 }) else { return }
        task.cancel()
        try await task.value
        await manager.settle()
        await manager.close()
        running.withLock { $0 = nil }
    }

    var manager: LoginManager? { running.withLock { $0?.manager } }

    func run(_ arguments: String..., input: String = "") async throws -> Command {
        try await program.run(arguments + ["--config", path], input: input)
    }

    func login(_ user: String, _ options: String...) async throws -> Command {
        try await run(as: nil, ["login", "--password-stdin", user] + options, input: "open-\(user)")
    }

    /// Runs a command as another user of the host, with a home of their own.
    func run(as uid: UInt32?, _ arguments: [String], input: String = "") async throws -> Command {
        let arguments = arguments + ["--config", path]
        guard let uid else { return try await program.run(arguments, input: input) }
        let home = program.scratch.path("home-\(uid)")
        if !FileManager.default.fileExists(atPath: home) {
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.ownerAccountID: Int(uid)], ofItemAtPath: home)
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: program.scratch.path)
        }
        return try await Command.run(
            "setpriv",
            ["--reuid", "\(uid)", "--regid", "\(uid)", "--clear-groups", EntLoginProgram.path] + arguments,
            input: input,
            environment: ["HOME": home, "XDG_STATE_HOME": "\(home)/state", "LC_ALL": "C.UTF-8"],
            directory: "/"
        )
    }
}
