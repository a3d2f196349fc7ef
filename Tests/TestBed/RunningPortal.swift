internal import Foundation

/// `ent-login serve` as it is shipped, before a directory of the test bed, on free ports of 127.0.0.1.
public final class RunningPortal: Sendable {
    /// What a test may want different in the configuration.
    public struct Options: Sendable {
        /// The URL under which browsers see it; nil for `http://localhost:PORT`, without a proxy.
        public var publicURL: String?
        /// The longest that a login may take.
        public var deadline = "10s"
        /// Further keys of `[active]`, in lines of their own.
        public var active = ""
        /// Further keys of `[portal]`, in lines of their own.
        public var portal = ""
        /// Further tables.
        public var tables = ""
        /// Passwords are checked by this stack of these, and not by a bind.
        public var stack: (stacks: PAMStacks, service: String)?

        /// The least that there has to be.
        /// - Parameter publicURL: The URL under which browsers see it; nil for `http://localhost:PORT`.
        public init(publicURL: String? = nil) {
            self.publicURL = publicURL
        }
    }

    /// Where it shows its pages.
    public let port: Int
    /// Where it answers proxies.
    public let authz: Int
    /// The URL under which browsers see it.
    public let url: String
    /// The program.
    public let program: RunningProgram
    private let scratch: ScratchDirectory
    /// Lives as long as the portal.
    private let stacks: PAMStacks?

    /// Starts a portal, and waits until it listens.
    /// - Parameters:
    ///   - options: What is different in its configuration.
    ///   - server: The directory.
    /// - Returns: The running portal; it ends with the last reference.
    /// - Throws: ``TestBedError`` with what it has printed, when it does not start.
    public static func start(_ options: Options = Options(), for server: SlapdServer) async throws -> RunningPortal {
        let portal = try RunningPortal(options, server)
        for port in [portal.port, portal.authz] { try await Listening.wait(for: port, by: portal.program) }
        return portal
    }

    /// What it has logged.
    public var log: String { program.output + program.errors }

    private init(_ options: Options, _ server: SlapdServer) throws {
        scratch = try ScratchDirectory(name: "portal")
        stacks = options.stack?.stacks
        do {
            (port, authz) = (try FreePort.find(), try FreePort.find())
            url = options.publicURL ?? "http://localhost:\(port)"
            let text = try Self.text(options, server, scratch, url: url, ports: (port, authz))
            let path = try scratch.write(text, to: "ent-login.toml")
            program = try RunningProgram(Repository.builtProgram("ent-login"), ["serve", "--config", path])
        } catch {
            // Without all its parts there is no object yet that would do this at its end.
            scratch.remove()
            throw error
        }
    }

    deinit {
        program.signal(SIGKILL)
        scratch.remove()
    }

    private static func text(
        _ options: Options,
        _ server: SlapdServer,
        _ scratch: ScratchDirectory,
        url: String,
        ports: (pages: Int, authz: Int)
    ) throws -> String {
        var text = SampleConfiguration.minimal(
            url: server.ldapURL,
            base: server.baseDN,
            reader: server.readerDN,
            secret: try scratch.write(server.readerPassword, to: "reader.secret")
        )
        text = text.replacing(
            "[login]",
            with: "[login]\ndeadline = \"\(options.deadline)\"\nrefusal_time = \"0s\""
        )
        if let (stacks, service) = options.stack { text = Self.text(text, with: stacks, service) }
        return text + """

            \(options.active)

            [directories.corp.tls]
            ca_file = "\(server.caFile)"

            [session]
            store = "memory"

            [portal]
            listen = "127.0.0.1:\(ports.pages)"
            internal_listen = "127.0.0.1:\(ports.authz)"
            public_url = "\(url)"
            trusted_proxies = ["127.0.0.1/32"]
            \(options.portal)

            \(options.tables)
            """
    }

    /// Puts a PAM stack in the place of the bind.
    private static func text(_ text: String, with stacks: PAMStacks, _ service: String) -> String {
        let table = """
            [providers.stack]
            type = "pam"
            service = "\(service)"
            confdir = "\(stacks.confdir)"
            directory = "corp"

            [providers.corp]
            """
        return text.replacing("providers = [\"corp\"]", with: "providers = [\"stack\"]")
            .replacing("[providers.corp]", with: table)
    }
}
