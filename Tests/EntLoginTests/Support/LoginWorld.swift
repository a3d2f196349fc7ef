import TestBed

/// A configuration against the test bed, and the program that runs with it.
struct LoginWorld {
    let program: EntLoginProgram
    let server: SlapdServer
    /// The configuration file.
    let path: String

    /// What a test may want different in the file.
    struct Options {
        /// The provider that is asked: `corp` (LDAP), or `pam` with `stack`.
        var provider = "corp"
        /// The stack of the provider `pam`.
        var stack = "accept"
        /// The servers; the test bed's over StartTLS by default.
        var urls: [String] = []
        var deadline = "10s"
        /// When refusals are answered; at once by default, because most tests do not care.
        var refusalTime = "0s"
        var all = "employees"
        var store = "sqlite:@DIR@/sessions.sqlite"
        /// Further text at the end of the file.
        var more = ""
    }

    /// Writes a configuration.
    /// - Parameters:
    ///   - options: What it says.
    ///   - server: The directory; the shared one by default.
    ///   - stacks: The PAM stacks; needed for the provider `pam`.
    ///   - program: Runs with it; a new one by default.
    /// - Throws: `TestBedError` if the directory cannot be started.
    init(
        _ options: Options = Options(),
        server: SlapdServer? = nil,
        stacks: PAMStacks? = nil,
        program: EntLoginProgram? = nil
    ) async throws {
        if let server { self.server = server } else { self.server = try await SlapdServer.shared() }
        self.program = try program ?? EntLoginProgram()
        let scratch = self.program.scratch
        try scratch.write(self.server.readerPassword, to: "reader.secret")
        let text = Self.text(options, self.server, stacks).replacing("@DIR@", with: scratch.path)
        path = try scratch.write(text, to: "ent-login.toml")
    }

    /// Runs a command with this configuration.
    /// - Parameters:
    ///   - arguments: The command line without `--config`.
    ///   - input: What it reads from its standard input.
    /// - Returns: How it ended.
    /// - Throws: `TestBedError` when it cannot be started.
    func run(_ arguments: String..., input: String = "") async throws -> Command {
        try await program.run(arguments + ["--config", path], input: input)
    }

    /// Logs somebody in, as a script does.
    /// - Parameters:
    ///   - user: Who.
    ///   - password: With which password.
    ///   - options: Further options.
    /// - Returns: How it ended.
    /// - Throws: `TestBedError` when it cannot be started.
    func login(_ user: String, _ password: String, _ options: String...) async throws -> Command {
        let arguments = ["login", "--password-stdin", "--config", path] + options + ["--", user]
        return try await program.run(arguments, input: password)
    }

    private static func text(_ options: Options, _ server: SlapdServer, _ stacks: PAMStacks?) -> String {
        let urls = (options.urls.isEmpty ? [server.ldapURL] : options.urls).map { "\"\($0)\"" }
        let pam =
            stacks.map { stacks in
                """
                [providers.pam]
                type = "pam"
                service = "\(options.stack)"
                confdir = "\(stacks.confdir)"
                directory = "corp"

                """
            } ?? ""
        return """
            [login]
            providers = ["\(options.provider)"]
            deadline = "\(options.deadline)"
            refusal_time = "\(options.refusalTime)"

            [providers.corp]
            type = "ldap"
            directory = "corp"

            \(pam)
            [directories.corp]
            preset = "openldap"
            urls = [\(urls.joined(separator: ", "))]
            base = "\(server.baseDN)"
            bind_dn = "\(server.readerDN)"
            bind_password = { file = "@DIR@/reader.secret" }

            [directories.corp.tls]
            ca_file = "\(server.caFile)"

            [directories.corp.groups]
            nested = true

            [active]
            directory = "corp"
            all = ["\(options.all)"]
            none = ["suspended"]

            [session]
            store = "\(options.store)"

            \(options.more)
            """
    }
}
