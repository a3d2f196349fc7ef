internal import ArgumentParser
internal import EnterpriseAuth
internal import HostSystem
internal import LocalSocket

/// Logs in, and keeps the session for the commands that follow.
struct Login: AnsweringCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log in and keep the session.",
        discussion: """
            The password is asked at the terminal, without echo, unless --password-stdin says that it comes from the \
            standard input. The session's token is kept in $XDG_STATE_HOME/ent-login/token and never shown; with \
            --remember the commands that follow open a session again when that one is over, for remember.lifetime.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Who; asked at the terminal if it is not given.")
    var user: String?

    @Flag(help: "Read the password from the standard input, up to the end of the first line.")
    var passwordStdin = false

    @Flag(help: "Ask for a login that outlives the session.")
    var remember = false

    func validate() throws {
        if passwordStdin && user == nil { throw ValidationError("--password-stdin needs a USER.") }
    }

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        if remember, !configuration.remember.enabled {
            throw Stop.misconfigured("No login outlives its session here: remember.enabled is false.")
        }
        let kept = try KeptLogin()
        let replaced = try kept.token()
        try kept.makeRoom()
        return try await Counterpart.serve(configuration, global) { counterpart in
            // It is there and may be used: it is needed again once the person and the providers have answered.
            await counterpart.rest()
            if case .desk(let desk) = counterpart {
                // Nobody is asked for a password that cannot be of use.
                try await desk.startStacks()
                if !isScript { try await desk.startRules() }
            }
            let (user, password) = try await typed()
            let conversation = LoginConversation(
                counterpart: counterpart,
                replaced: replaced,
                isRemembered: remember
            )
            let result = try await conversation.login(user, password)
            if case .desk(let desk) = counterpart, result.outcome == .unavailable {
                try await desk.stopIfMisconfigured(deadline: .now + configuration.login.deadline)
            }
            return try await counterpart.answer(to: result, keeping: kept, remember: remember)
        }
    }

    /// Whether the password is there to be read; a person who says so at a terminal is asked all the same, without echo.
    private var isScript: Bool { passwordStdin && !StandardInput.isTerminal }

    /// Asks for what the command line does not say.
    private func typed() async throws -> (user: String, password: SecretBytes) {
        var wanted = "user name"
        // What is too long to be read is refused like any other password that is too long.
        let tooLong = SecretBytes(repeatElement(UInt8(ascii: "x"), count: Credentials.maximumPasswordBytes + 1))
        do throws(Prompt.Failure) {
            let name =
                if let user { user } else { try await Prompt.ask("User name: ", echoes: true).text ?? "\u{FFFD}" }
            wanted = "password"
            let password =
                isScript
                ? try await Prompt.readPassword() : try await Prompt.ask("Password for \(name): ", echoes: false)
            return (name, password)
        } catch {
            switch error {
            case .tooLong: return (user ?? "x", tooLong)
            case .noAnswer: throw Stop(Answer(.refused, outcome: "refused", note: "No \(wanted) was given."))
            case .noInput: throw ValidationError("The password cannot be read from the standard input.")
            case .noTerminal: throw ValidationError("There is no terminal to ask at: give USER and --password-stdin.")
            }
        }
    }
}
