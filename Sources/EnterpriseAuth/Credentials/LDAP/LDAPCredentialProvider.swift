internal import HostSystem
internal import LDAPClient

/// Checks a password with a bind to a directory.
///
/// Either the person is searched for as the service account and then bound as, or, with a DN template, bound as at once
/// and read afterwards. Each login binds as the person at most once a server, because every bind may use up a grace
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

    /// Finds the person and binds as them.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - deadline: When to give up.
    /// - Returns: What the directory says.
    public func verify(
        _ credentials: Credentials,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        do throws(Outage) {
            if let template = directory.schema.users.dnTemplate {
                return try await bindByTemplate(template, credentials, deadline: deadline)
            }
            guard let found = try await directory.find(loginName: credentials.username, deadline: deadline) else {
                return refused(.unknownUser, "directory \(directory.name) finds nobody of that name")
            }
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

    private nonisolated(nonsending) func bindByTemplate(
        _ template: DistinguishedName.Template,
        _ credentials: Credentials,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> CredentialOutcome {
        guard let dn = try? template.filled([DirectorySchema.placeholder: credentials.username]).description else {
            return refused(.unknownUser, "the name does not fit into users.dn_template")
        }
        let (outcome, server) = try await directory.bind(
            dn: dn,
            password: credentials.password,
            preferring: nil,
            deadline: deadline
        )
        // A server answers a wrong password and an unknown name alike, but only an unknown name lets the next provider
        // be asked.
        let found = try await directory.read(dn: dn, loginName: credentials.username, deadline: deadline)
        guard let found else {
            return refused(
                .unknownUser,
                "\(dn) is no entry that the user filter matches (the bind said: \(outcome.code))"
            )
        }
        return await judge(outcome, found.person, at: server, deadline: deadline)
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
        switch BindVerdict(outcome, rules: users.accountRules, isEntryKnown: users.dnTemplate == nil) {
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
