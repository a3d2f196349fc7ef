internal import ArgumentParser

/// The command line of EnterpriseAuth.
struct EntLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ent-login",
        abstract: "One login for a company's Linux hosts and web applications.",
        discussion: """
            Exit codes: 0 yes, 77 refused, 75 temporarily unavailable, 78 configuration error, 64 usage, 70 internal \
            error.
            """,
        version: "0.1.0",
        subcommands: [
            Check.self, Login.self, WhoAmI.self, Logout.self, Explain.self, AccessCheck.self, Serve.self, Sessions.self,
            Throttle.self, Reload.self, Config.self,
        ]
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        // Not a clean exit: a script whose command went missing must not read a yes.
        throw ValidationError("A subcommand is missing.")
    }
}
