internal import LDAPClient
internal import Logging

/// The part of a live check that concerns one server of one directory.
struct LiveServerCheck {
    /// Announced by servers that understand the password policy control (draft-behera-ldap-password-policy, section 6).
    private static let passwordPolicyControl = "1.3.6.1.4.1.42.2.27.8.5.1"

    /// How many entries are looked at in search of a person whom the user filter finds.
    private static let sampleSize: Int32 = 20

    /// A directory of this one server.
    let directory: Directory
    /// The rules about this directory's groups, and the part of the configuration that each is.
    let rules: [(part: String, requirement: GroupRequirementConfiguration)]
    let deadline: ContinuousClock.Instant
    let logger: Logger

    private var part: String { "directories.\(directory.name)" }
    private var server: DirectoryServer { directory.servers[0] }

    /// Goes from the socket to the groups; a step that fails ends the way.
    func run(_ findings: LiveCheckFindings) async {
        guard await connect(findings) else { return }
        if let failure = await directory.start(deadline: deadline) {
            findings.add(failure, server: server.url)
            return
        }
        do throws(Outage) {
            try await checkStranger(findings)
            try await checkSample(findings)
            try await checkRules(findings)
        } catch {
            findings.add(StartFailure(part: part, outage: error), server: server.url)
        }
    }

    /// Opens a connection of its own: resolve, connect, TLS, the server's own description, bind.
    private func connect(_ findings: LiveCheckFindings) async -> Bool {
        let begin = ContinuousClock.now
        do throws(LDAPError) {
            let connection = try await LDAPConnection.open(server.connection, deadline: deadline)
            record("connect", "ok", since: begin, connectionDetail)
            let isFine = await ask(connection, findings)
            await connection.close()
            return isFine
        } catch {
            fail(error, since: begin, findings)
            return false
        }
    }

    private var connectionDetail: String {
        let configuration = server.connection
        return switch configuration.url.scheme {
        case .ldapi: "local socket"
        case .ldaps: "TLS, certificate verified"
        case .ldap: configuration.startTLS ? "StartTLS, certificate verified" : "clear text"
        }
    }

    private func ask(_ connection: LDAPConnection, _ findings: LiveCheckFindings) async -> Bool {
        var begin = ContinuousClock.now
        do throws(LDAPError) {
            let entry = try await connection.readRootDSE(deadline: deadline)
            record("root_dse", entry == nil ? "hidden" : "ok", since: begin, description(of: entry))
            begin = .now
            let identity: LDAPServiceIdentity
            do {
                identity = try await directory.account.current().identity
            } catch {
                let problem = "the password of the service account cannot be read: \(error)"
                record("service_bind", "misconfigured", since: begin, problem)
                findings.add(StartFailure(part: part, problem: problem, fix: "see that this user may read it"))
                return false
            }
            guard let outcome = try await bind(connection, as: identity) else { return true }
            let code = Int(outcome.code.rawValue)
            record("service_bind", outcome.isSuccess ? "ok" : "misconfigured", code, since: begin, outcome.diagnostic)
            guard !outcome.isSuccess else { return true }
            findings.add(
                StartFailure(
                    part: part,
                    problem: "the service account \(directory.account.name) was refused: \(outcome.code)",
                    fix: "correct bind_dn or bind_password",
                    isTemporary: outcome.code.category == .outage
                ),
                server: server.url
            )
            return false
        } catch {
            fail(error, since: begin, findings)
            return false
        }
    }

    private func bind(
        _ connection: LDAPConnection,
        as identity: LDAPServiceIdentity
    ) async throws(LDAPError) -> LDAPBindOutcome? {
        switch identity {
        case .anonymous: nil
        case .simple(let name, let password):
            try await connection.simpleBind(name: name, password: password, deadline: deadline)
        case .external: try await connection.bindExternal(deadline: deadline)
        }
    }

    private func description(of entry: LDAPEntry?) -> String {
        guard let entry else { return "the server does not describe itself" }
        let vendor = [entry.first("vendorName"), entry.first("vendorVersion")].compactMap { $0 }
        let contexts = entry.strings("namingContexts")
        let knowsPolicy = entry.strings("supportedControl").contains(Self.passwordPolicyControl)
        return (vendor + contexts + [knowsPolicy ? "password policy control" : "no password policy control"])
            .joined(separator: ", ")
    }

    /// A name that nobody has must not be found.
    private func checkStranger(_ findings: LiveCheckFindings) async throws(Outage) {
        guard let found = try await directory.person(withLoginName: LiveCheck.stranger, deadline: deadline) else {
            return
        }
        let problem = "users.filter finds \(found.dn) for a name that nobody has"
        findings.add(StartFailure(part: part, problem: problem, fix: "tie {username} to one attribute"))
    }

    /// Somebody must be found by the user filter, with a login name and an id, and the groups must be readable.
    private func checkSample(_ findings: LiveCheckFindings) async throws(Outage) {
        let schema = directory.schema
        let request = LDAPSearchRequest(
            base: schema.userBase,
            scope: schema.users.scope.ldapScope,
            filter: .present(schema.users.attributes.login),
            attributes: schema.userAttributes,
            sizeLimit: Self.sampleSize
        )
        let (result, _) = try await directory.search(request, step: "sample", deadline: deadline)
        for entry in result.entries {
            guard let name = entry.single(schema.users.attributes.login.text) else { continue }
            guard let found = try? await directory.person(withLoginName: name, deadline: deadline) else { continue }
            let identity = found.identity(directory: directory.name, provider: "check")
            _ = try await directory.groups(of: identity, deadline: deadline)
            return
        }
        let problem =
            "users.filter finds none of \(result.entries.count) entries below \(schema.userBase) with a "
            + schema.users.attributes.login.text
        let fix = "compare filter and attribute names with an entry, and the rights of \(directory.account.name)"
        findings.warn(StartFailure(part: part, problem: problem, fix: fix), server: server.url)
    }

    /// Every group of the rules must be there, and its members must be readable.
    private func checkRules(_ findings: LiveCheckFindings) async throws(Outage) {
        for (part, requirement) in rules {
            let groups = RuleGroups(requirement, part: part, recheck: .zero, of: directory, logger: logger)
            for failure in await groups.resolve(deadline: deadline) {
                findings.add(failure, server: server.url)
            }
            for reference in requirement.references {
                guard case .one(_, let dn) = try await directory.group(named: reference.name, deadline: deadline) else {
                    continue
                }
                try await checkMembers(of: reference.name, dn: dn, part, findings)
            }
        }
    }

    /// A group whose members the service account may not read looks like one without members: a deny rule would open.
    private func checkMembers(
        of name: String,
        dn: String,
        _ part: String,
        _ findings: LiveCheckFindings
    ) async throws(Outage) {
        let groups = directory.schema.groups
        let attributes = (groups.memberAttributes + groups.memberNameAttributes).map(\.text)
        guard groups.strategy == .member, !attributes.isEmpty else { return }
        let request = LDAPSearchRequest(base: dn, scope: .base, attributes: attributes, typesOnly: !groups.nested)
        let (result, _) = try await directory.search(request, step: "rule_group_members", deadline: deadline)
        if let entry = result.entries.first, !entry.attributes.isEmpty {
            if groups.nested { checkNesting(of: name, entry, part, findings) }
            return
        }
        let problem = "group “\(name)” shows none of \(attributes.joined(separator: ", "))"
        let fix = "see whether it really has no members, or let \(directory.account.name) read them"
        findings.warn(StartFailure(part: part, problem: problem, fix: fix), server: server.url)
    }

    /// A group that lies outside of the groups' base is never found as one of the person's, nor what lies above it.
    private func checkNesting(of name: String, _ group: LDAPEntry, _ part: String, _ findings: LiveCheckFindings) {
        let schema = directory.schema
        let strangers = schema.groups.memberAttributes.flatMap { group.strings($0.text) }.filter { dn in
            guard let member = try? DistinguishedName(parsing: dn) else { return true }
            return !member.isDescendant(of: schema.groups.base) && !member.isDescendant(of: schema.users.base)
        }
        guard let first = strangers.first else { return }
        let problem =
            "group “\(name)” has \(strangers.count) members outside of users.base and groups.base, such as \(first); "
            + "who is in it only through a group there is taken for no member"
        let fix = "widen groups.base, use strategy = \"member-of\", or take the member out"
        findings.warn(StartFailure(part: part, problem: problem, fix: fix), server: server.url)
    }

    private func fail(_ error: LDAPError, since begin: ContinuousClock.Instant, _ findings: LiveCheckFindings) {
        let outage = Outage(error, source: directory.name)
        let result = outage.kind == .misconfigured ? "misconfigured" : "unavailable"
        record(outage.step, result, outage.code, since: begin, outage.detail)
        findings.add(StartFailure(part: part, outage: outage), server: server.url)
    }

    private func record(
        _ step: String,
        _ result: String,
        _ code: Int? = nil,
        since begin: ContinuousClock.Instant,
        _ detail: String
    ) {
        DecisionTrace.record(
            DecisionStep(
                step: step,
                target: server.url,
                request: step == "service_bind" ? directory.account.name : "",
                result: result,
                code: code,
                durationMilliseconds: (ContinuousClock.now - begin).milliseconds,
                detail: detail
            )
        )
    }
}
