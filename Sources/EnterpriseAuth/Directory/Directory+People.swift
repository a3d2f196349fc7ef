internal import LDAPClient

/// A person, and the server that knew them.
struct FoundPerson: Sendable {
    let person: DirectoryPerson
    let server: DirectoryServer
}

extension Directory {
    /// Looks for the one person of a login name.
    /// - Parameters:
    ///   - loginName: The name as typed; it stays one value, whatever characters it holds.
    ///   - deadline: When to give up.
    /// - Returns: The person, or nil if nobody has that name.
    /// - Throws: `Outage` if no server could say, if two entries match, or if the entry can be nobody's.
    public nonisolated(nonsending) func person(
        withLoginName loginName: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> DirectoryPerson? {
        try await find(loginName: loginName, deadline: deadline)?.person
    }

    /// Looks for the person of an immutable id, whether or not the user filter still matches them.
    /// - Parameters:
    ///   - id: An id of this directory.
    ///   - deadline: When to give up.
    /// - Returns: The person, or nil if there is none any more.
    /// - Throws: `Outage` if no server could say.
    public nonisolated(nonsending) func person(
        withID id: UserID,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> DirectoryPerson? {
        guard id.source == name, let value = schema.users.idFormat.value(id.value) else { return nil }
        let request = schema.search(forID: value, filter: nil)
        return try await findOne(request, step: "find_user", deadline: deadline)?.person
    }

    nonisolated(nonsending) func find(
        loginName: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> FoundPerson? {
        let request: LDAPSearchRequest
        do throws(LDAPSyntaxError) {
            request = try schema.search(forLoginName: loginName)
        } catch {
            throw Outage(.internal, source: name, step: "find_user", detail: "\(error)")
        }
        return try await findOne(request, step: "find_user", deadline: deadline)
    }

    /// Reads the entry behind a DN, if it matches the user filter for a login name.
    nonisolated(nonsending) func read(
        dn: String,
        loginName: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> FoundPerson? {
        guard let filter = try? schema.users.filter.filled([DirectorySchema.placeholder: loginName]) else { return nil }
        return try await findOne(schema.read(dn: dn, filter: filter), step: "read_user", deadline: deadline)
    }

    /// Looks for the person of an id whom the user filter finds by a login name.
    nonisolated(nonsending) func find(
        id: UserID,
        loginName: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> FoundPerson? {
        guard id.source == name, let value = schema.users.idFormat.value(id.value),
            let filter = try? schema.users.filter.filled([DirectorySchema.placeholder: loginName])
        else { return nil }
        return try await findOne(schema.search(forID: value, filter: filter), step: "find_user", deadline: deadline)
    }

    /// The state of a person's account; reads their password policy where a lock may have run out under it.
    nonisolated(nonsending) func accountState(
        of person: DirectoryPerson,
        moment: AccountRules.Moment,
        deadline: ContinuousClock.Instant
    ) async -> AccountState {
        var lockoutDuration: Duration?
        if moment == .atAnyTime, let policy = schema.accountRules.policyToRead(for: person.entry) {
            lockoutDuration = await self.lockoutDuration(policy: policy, deadline: deadline)
        }
        return schema.accountRules.state(
            of: person.entry,
            now: clock.nowMilliseconds,
            moment: moment,
            lockoutDuration: lockoutDuration
        )
    }

    /// Without an answer nil, which stands for a lock that does not run out.
    private nonisolated(nonsending) func lockoutDuration(policy: String, deadline: ContinuousClock.Instant) async
        -> Duration?
    {
        let request = LDAPSearchRequest(base: policy, scope: .base, attributes: ["pwdLockoutDuration"])
        let answer = try? await search(request, step: "read_policy", deadline: deadline)
        guard let text = answer?.result.entries.first?.first("pwdLockoutDuration"), let seconds = Int64(text) else {
            return nil
        }
        return .seconds(seconds)
    }

    /// Makes sure that there is exactly one entry, or none.
    private nonisolated(nonsending) func findOne(
        _ request: LDAPSearchRequest,
        step: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> FoundPerson? {
        let (result, server) = try await search(request, step: step, deadline: deadline)
        func misconfigured(_ detail: String) -> Outage {
            Outage(.misconfigured, source: name, server: server.url, step: step, detail: detail)
        }
        guard result.entries.count <= 1 else {
            let names = result.entries.map(\.dn).joined(separator: " and ")
            throw misconfigured("\(result.entries.count) entries match \(request.filter): \(names)")
        }
        guard result.code != .sizeLimitExceeded else {
            throw Outage(
                code: result.code,
                diagnostic: result.diagnostic,
                source: name,
                server: server.url,
                step: step
            )
        }
        guard let entry = result.entries.first else { return nil }
        do throws(EntryProblem) {
            return FoundPerson(person: try DirectoryPerson(entry: entry, schema: schema), server: server)
        } catch {
            throw misconfigured(error.detail)
        }
    }
}
