internal import HostSystem
internal import LDAPClient

/// Checks a password with a bind to a directory.
///
/// The person is searched for as the service account, or, with a DN template, read where that says, and then bound as.
/// Each login binds as the person at most once a server, because every bind may use up a grace
/// login or count as a failure.
public struct LDAPCredentialProvider: CredentialProvider {
    /// The configured name.
    public let name: String

    /// The directory that is asked.
    public let directory: Directory

    /// The directory's configured name.
    public var directoryName: String? { directory.name }

    /// The thread that reads the answers of all directories.
    public var executor: (any TaskExecutor)? { LDAPExecutor.shared }

    /// Puts a provider together.
    /// - Parameters:
    ///   - name: The configured name.
    ///   - directory: The directory that is asked.
    public init(name: String, directory: Directory) {
        self.name = name
        self.directory = directory
    }

    /// Asks the directory for its bases as the service account.
    /// - Parameter deadline: When to give up.
    /// - Throws: `StartFailure` if no server can be asked, or the service account sees no base.
    public func start(deadline: ContinuousClock.Instant) async throws(StartFailure) {
        guard let failure = await directory.start(deadline: deadline) else { return }
        throw StartFailure(
            part: "providers.\(name)",
            problem: failure.problem,
            fix: failure.fix,
            isTemporary: failure.isTemporary
        )
    }

    /// Finds the person and binds as them, outside of a login.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - deadline: When to give up.
    /// - Returns: What the directory says.
    public func verify(
        _ credentials: Credentials,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        await verify(credentials, through: PasswordGate(), deadline: deadline)
    }

    /// Finds the person and binds as them.
    ///
    /// A directory finds one person under many spellings and names; guesses count for the login name that it shows.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - gate: Is passed before the bind.
    ///   - deadline: When to give up.
    /// - Returns: What the directory says.
    public func verify(
        _ credentials: Credentials,
        through gate: PasswordGate,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        do throws(Outage) {
            guard let found = try await find(credentials.username, deadline: deadline) else {
                return refused(.unknownUser, "directory \(directory.name) finds nobody of that name")
            }
            if let outcome = await gate.pass(as: found.person.loginName) { return outcome }
            let (outcome, server) = try await directory.bind(
                dn: found.person.dn,
                password: credentials.password,
                preferring: found.server,
                deadline: deadline
            )
            return await judge(outcome, found.person, at: server, deadline: deadline)
        } catch {
            return .unavailable(error)
        }
    }

    /// Looks at an account again without its password.
    /// - Parameters:
    ///   - identity: An identity that this provider made.
    ///   - deadline: When to give up.
    /// - Returns: Whether the account still stands.
    public func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        await directory.standing(of: identity, deadline: deadline)
    }

    /// The person of a name: searched for, or read where the DN template says.
    private nonisolated(nonsending) func find(
        _ username: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> FoundPerson? {
        guard let template = directory.schema.users.dnTemplate else {
            return try await directory.find(loginName: username, deadline: deadline)
        }
        guard let dn = try? template.filled([DirectorySchema.placeholder: username]).description else { return nil }
        return try await directory.read(dn: dn, loginName: username, deadline: deadline)
    }

    /// Puts the server's answer and the entry's attributes together; the entry can only take away.
    private nonisolated(nonsending) func judge(
        _ outcome: LDAPBindOutcome,
        _ person: DirectoryPerson,
        at server: DirectoryServer,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        let identity = person.identity(directory: directory.name, provider: name)
        let users = directory.schema.users
        switch BindVerdict(outcome, rules: users.accountRules) {
        case .right(let notices):
            let state = await directory.accountState(of: person, moment: .afterBind, deadline: deadline)
            switch state {
            case .good, .temporarilyLocked: return .verified(identity, notices: notices)
            case .passwordChangeRequired(let reason, _): return .passwordChangeRequired(identity, reason)
            case .barred(let reason, let detail): return refused(reason, "\(person.dn): \(detail)")
            }
        case .rightButMustChange(let reason, _):
            // Not for an account that may not be used at all, whatever its password.
            let state = await directory.accountState(of: person, moment: .afterBind, deadline: deadline)
            if case .barred(let barred, let detail) = state { return refused(barred, "\(person.dn): \(detail)") }
            return .passwordChangeRequired(identity, reason)
        case .no(.locked, let detail):
            let state = await directory.accountState(of: person, moment: .atAnyTime, deadline: deadline)
            if case .barred(let reason, let why) = state { return refused(reason, "\(person.dn): \(why)") }
            return refused(.locked, "\(person.dn) at \(server.url): \(detail)")
        case .no(let reason, let detail):
            return refused(reason, "\(person.dn) at \(server.url): \(detail)")
        case .misconfigured(let detail):
            return unavailable(.misconfigured, outcome, server, detail)
        case .noAnswer(let detail):
            return unavailable(.busy, outcome, server, detail)
        }
    }

    private func unavailable(
        _ kind: Outage.Kind,
        _ outcome: LDAPBindOutcome,
        _ server: DirectoryServer,
        _ detail: String
    ) -> CredentialOutcome {
        let code = Int(outcome.code.rawValue)
        return .unavailable(
            Outage(kind, source: directory.name, server: server.url, step: "bind", code: code, detail: detail)
        )
    }

    private func refused(_ reason: Refusal.Reason, _ detail: String) -> CredentialOutcome {
        .refused(Refusal(reason, provider: name, detail: detail))
    }
}
