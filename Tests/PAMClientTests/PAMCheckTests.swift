import HostSystem
import PAMClient
import TestBed
import Testing

@Suite("A question to a PAM stack")
struct PAMCheckTests {
    private static func stacks() async throws -> PAMStacks {
        try await PAMStacks(people: ["alice": "open-alice"], services: [:])
    }

    /// Asks the service `test`, whose lines are given, for alice.
    private func ask(
        _ lines: String,
        user: String = "alice",
        password: String = "open-alice",
        stacks given: PAMStacks? = nil,
        handler: @escaping PAMConversation.Handler = { _, _ in nil }
    ) async throws -> PAMCheckResult {
        let stacks = if let given { given } else { try await Self.stacks() }
        try stacks.write("test", lines)
        let request = PAMRequest(
            service: "test",
            confdir: stacks.confdir,
            user: user,
            remoteHost: "192.0.2.7",
            terminal: "portal",
            requestingUser: "carol"
        )
        return try PAMCheck.password(request, password: SecretBytes(text: password), handler: handler)
    }

    @Test("A right password and a good account are two successes")
    func rightPassword() async throws {
        let result = try await ask("auth required MODULE people=@DIR@/people\naccount required MODULE")
        #expect(result.authentication == .success)
        #expect(result.account == .success)
        #expect(result.user == "alice")
        #expect(result.interruption == nil)
        #expect(result.askedPassword)
    }

    @Test("A wrong password is refused, and the account is not asked", arguments: ["", "x", "open-alicf", "   "])
    func wrongPassword(password: String) async throws {
        let result = try await ask(
            "auth required MODULE people=@DIR@/people\naccount required MODULE",
            password: password
        )
        #expect(result.authentication == .authenticationError)
        #expect(result.account == nil)
    }

    @Test(
        "After a wrong password no later module runs if the password line is requisite, as docs/pam.md says",
        arguments: [("requisite", false), ("required", true)]
    )
    func requisite(control: String, runsOn: Bool) async throws {
        let stacks = try await Self.stacks()
        let lines = """
            auth \(control) MODULE people=@DIR@/people
            auth required MODULE log=@DIR@/log
            account required MODULE
            """
        #expect(try await ask(lines, password: "wrong", stacks: stacks).authentication == .authenticationError)
        #expect(stacks.text(of: "log").isEmpty != runsOn)
        #expect(try await ask(lines, stacks: stacks).account == .success)
        #expect(!stacks.text(of: "log").isEmpty)
    }

    @Test(
        "Every status of either question comes through",
        arguments: [
            ("auth_err", PAMStatus.authenticationError), ("user_unknown", .userUnknown), ("maxtries", .maximumTries),
            ("acct_expired", .accountExpired), ("perm_denied", .permissionDenied), ("system_err", .systemError),
            ("authinfo_unavail", .authenticationUnavailable), ("cred_insufficient", .credentialsInsufficient),
            ("authtok_expired", .passwordExpired),
        ]
    )
    func statuses(code: String, status: PAMStatus) async throws {
        let denied = try await ask("auth required MODULE return=\(code)\naccount required MODULE")
        #expect(denied.authentication == status)
        #expect(!denied.askedPassword)
        let account = try await ask("auth required MODULE people=@DIR@/people\naccount required MODULE return=\(code)")
        #expect(account.authentication == .success)
        #expect(account.account == status)
    }

    @Test("A new password may be asked for by either question")
    func newPassword() async throws {
        let early = try await ask("auth required MODULE return=new_authtok_reqd\naccount required MODULE")
        #expect(early.authentication == .newPasswordRequired)
        #expect(early.account == .success)
        let late = try await ask(
            "auth required MODULE people=@DIR@/people\naccount required MODULE return=new_authtok_reqd"
        )
        #expect(late.account == .newPasswordRequired)
    }

    @Test("The name is read again after each question")
    func renamed() async throws {
        let auth = try await ask("auth required MODULE people=@DIR@/people rename=alice.b\naccount required MODULE")
        #expect(auth.user == "alice.b")
        let account = try await ask("auth required MODULE people=@DIR@/people\naccount required MODULE rename=alice.c")
        #expect(account.user == "alice.c")
    }

    @Test("The stack is told where the question comes from")
    func items() async throws {
        let stacks = try await Self.stacks()
        _ = try await ask(
            "auth required MODULE people=@DIR@/people log=@DIR@/log\naccount required MODULE log=@DIR@/log",
            stacks: stacks
        )
        let lines = stacks.text(of: "log").split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines {
            // flags=1: PAM_DISALLOW_NULL_AUTHTOK and no PAM_SILENT.
            #expect(line.contains("user=alice rhost=192.0.2.7 tty=portal ruser=carol flags=1 "))
        }
    }

    @Test("The delay that the stack wants is told and not slept")
    func delay() async throws {
        let start = ContinuousClock.now
        let result = try await ask("auth required MODULE delay=30000000 people=@DIR@/people", password: "wrong")
        #expect(result.authentication == .authenticationError)
        // libpam makes it random within half of the base.
        #expect(result.wantedDelay >= .seconds(15) && result.wantedDelay <= .seconds(45))
        #expect(ContinuousClock.now - start < .seconds(10))
        let right = try await ask("auth required MODULE delay=30000000 people=@DIR@/people\naccount required MODULE")
        #expect(right.wantedDelay == .zero)
    }

    @Test("An account is looked at without a password")
    func accountOnly() async throws {
        let stacks = try await PAMStacks(
            services: ["test": "auth required MODULE return=auth_err\naccount required MODULE return=acct_expired"])
        let result = try PAMCheck.account(PAMRequest(service: "test", confdir: stacks.confdir, user: "alice"))
        #expect(result.authentication == nil)
        #expect(result.account == .accountExpired)
    }

    @Test("A service without a file is an error, not the service 'other'")
    func missingService() async throws {
        let stacks = try await PAMStacks(services: ["other": "auth required MODULE\naccount required MODULE"])
        #expect(throws: PAMError.startFailed(.abort, service: "nothing")) {
            try PAMCheck.account(PAMRequest(service: "nothing", confdir: stacks.confdir, user: "alice"))
        }
    }

    @Test("A module that is not there refuses")
    func missingModule() async throws {
        let result = try await ask("auth required /nowhere/pam_nothing.so\naccount required MODULE")
        #expect(result.authentication == .moduleUnknown)
    }

    @Test(
        "Names that would reach C as others are refused",
        arguments: [
            "", "a\0b", "alice\n", "\u{1B}[2J", "alice\u{85}", "../alice", ".", "..",
            String(repeating: "a", count: 257),
        ]
    )
    func badNames(user: String) {
        #expect(throws: PAMError.invalidUser) {
            try PAMCheck.account(PAMRequest(service: "test", confdir: "/nowhere", user: user))
        }
    }

    @Test(
        "Services are names of files, not paths",
        arguments: ["", "/etc/passwd", "../x", "Upper", "a b", "a\0", ".."]
    )
    func badServices(service: String) {
        #expect(throws: PAMError.invalidService(service)) {
            try PAMCheck.account(PAMRequest(service: service, confdir: "/nowhere", user: "alice"))
        }
    }

    @Test("Items with a NUL are refused")
    func badItems() {
        #expect(throws: PAMError.invalidItem("PAM_RHOST")) {
            try PAMCheck.account(PAMRequest(service: "x", confdir: "/nowhere", user: "alice", remoteHost: "a\0b"))
        }
    }
}
