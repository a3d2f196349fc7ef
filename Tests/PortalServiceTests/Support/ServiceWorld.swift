import Foundation
import Synchronization
import TestBed
import TestWeb
import Testing

/// The portal as a process of its own, without a proxy, with a configuration that a test changes while it runs.
final class ServiceWorld: Sendable {
    static let program = Repository.builtProgram("ent-login")
    static let host = ProxyWorld.login

    /// What a test may want different in the file.
    struct Options: Sendable {
        /// The directory's server, and whom to trust there.
        var url: String
        var caFile: String
        /// Who is active.
        var all = "employees"
        /// Further keys of `[directories.corp]`.
        var directory = ""
        /// Further keys of `[portal]`.
        var portal = ""
        /// Further tables.
        var more = ""
        var deadline = "4s"
    }

    let server: SlapdServer
    let scratch: ScratchDirectory
    let pages: Int
    let authz: Int
    private let options: Mutex<Options>
    private let running = Mutex<RunningProgram?>(nil)

    /// Prepares a portal; it is not started yet.
    init(directory: SlapdServer? = nil, _ change: (inout Options) -> Void = { _ in }) async throws {
        if let directory { server = directory } else { server = try await SlapdServer.shared() }
        scratch = try ScratchDirectory(name: "service")
        (pages, authz) = (try FreePort.find(), try FreePort.find())
        options = Mutex(Options(url: server.ldapURL, caFile: server.caFile))
        try scratch.write(server.readerPassword, to: "reader.secret")
        try write(change)
    }

    deinit {
        running.withLock { $0?.signal(SIGKILL) }
        scratch.remove()
    }

    var path: String { scratch.path("ent-login.toml") }

    /// Writes the file anew.
    func write(_ change: (inout Options) -> Void) throws {
        let options = options.withLock { options in
            change(&options)
            return options
        }
        try scratch.write(text(options), to: "ent-login.toml")
    }

    /// Starts the portal, and waits until it listens.
    @discardableResult
    func start(environment: [String: String?] = [:]) async throws -> RunningProgram {
        let program = try RunningProgram(Self.program, ["serve", "--config", path], environment: environment)
        running.withLock { $0 = program }
        for port in [pages, authz] { try await Listening.wait(for: port, by: program) }
        return program
    }

    /// Runs a command with the file of the portal.
    func command(_ arguments: String...) async throws -> Command {
        try await Command.run(Self.program, arguments + ["--config", path])
    }

    /// A browser that goes to the portal itself, with TLS if it is told whom to trust.
    func browser(trusting certificateFile: String? = nil) -> Browser {
        Browser { [pages] host in WebConnection(port: pages, name: host, certificateFile: certificateFile) }
    }

    /// A browser in which somebody is logged in.
    func browser(of user: String, trusting certificateFile: String? = nil) async throws -> Browser {
        let browser = browser(trusting: certificateFile)
        let page = try await browser.logIn(browser.visit("/login", at: Self.host), as: Self.person(user))
        try #require(page.status == 200, "\(page)")
        return browser
    }

    /// Asks for monitoring's paths.
    func operations(_ path: String) async throws -> WebAnswer {
        let connection = WebConnection(port: authz, name: Self.host, certificateFile: nil)
        return try await connection.exchange("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    }

    static func person(_ user: String) throws -> TestPerson {
        try #require(TestPerson.all.first { $0.user == user })
    }

    /// Makes a certificate and its key, in files of a name with the endings `pem` and `key`.
    func makeCertificate(_ name: String, days: Int = 90, for host: String = ServiceWorld.host) async throws {
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "\(days)",
            "-subj",
            "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)", "-keyout", scratch.path("\(name).key"), "-out",
            scratch.path("\(name).pem"),
        ]
        try await Command.run("openssl", arguments).check("openssl")
    }

    /// Makes a certificate anew that has expired yesterday.
    func expireCertificate(_ name: String) async throws {
        let (certificate, key) = (scratch.path("\(name).pem"), scratch.path("\(name).key"))
        let arguments = ["x509", "-in", certificate, "-signkey", key, "-days", "-1", "-out", certificate + ".new"]
        try await Command.run("openssl", arguments).check("openssl")
        try scratch.write(try scratch.read("\(name).pem.new"), to: "\(name).pem")
    }

    private func text(_ options: Options) -> String {
        """
        [login]
        providers = ["corp"]
        deadline = "\(options.deadline)"
        refusal_time = "0s"

        [providers.corp]
        type = "ldap"
        directory = "corp"

        [directories.corp]
        preset = "openldap"
        urls = ["\(options.url)"]
        base = "\(server.baseDN)"
        bind_dn = "\(server.readerDN)"
        bind_password = { file = "\(scratch.path("reader.secret"))" }
        \(options.directory)

        [directories.corp.tls]
        ca_file = "\(options.caFile)"

        [active]
        directory = "corp"
        all = ["\(options.all)"]
        recheck = "1h"
        outage_grace = "1h"

        [session]
        store = "sqlite:\(scratch.path("sessions.sqlite"))"

        [portal]
        listen = "127.0.0.1:\(pages)"
        internal_listen = "127.0.0.1:\(authz)"
        public_url = "https://\(Self.host)"
        \(options.portal)

        \(options.more)
        """
    }
}

extension Browser {
    /// Whether the account page is shown.
    func isLoggedIn() async throws -> Bool {
        let answer = try await send("GET", "/", at: ServiceWorld.host)
        guard [200, 302].contains(answer.status) else { throw TestBedError("neither yes nor no: \(answer)") }
        return answer.status == 200
    }
}
