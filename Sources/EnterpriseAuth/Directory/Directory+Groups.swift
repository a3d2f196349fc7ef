internal import LDAPClient
internal import Synchronization

extension Directory {
    /// A group that a rule names.
    enum NamedGroup: Sendable, Hashable {
        /// There is exactly one.
        case one(DistinguishedName, dn: String)
        /// There is none.
        case none
        /// There are several, of these DNs.
        case several([String])
        /// There is one, and which people are in it is kept from the service account.
        case unreadable(detail: String)
    }

    /// Finds the groups of a person.
    /// - Parameters:
    ///   - identity: A person of this directory, as the directory has just shown them: a stale DN finds nothing.
    ///   - explains: Whether the way to each group is wanted; costs a search for each group.
    ///   - deadline: When to give up.
    /// - Returns: The groups, or nil if the person's entry is gone.
    /// - Throws: `Outage` if the list could not be had in full.
    public nonisolated(nonsending) func groups(
        of identity: Identity,
        explaining explains: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> [GroupMembership]? {
        guard case .directory(name, let dn) = identity.source else { return nil }
        return try await GroupLookup.run(
            dn: dn,
            loginName: identity.loginName,
            in: self,
            explains: explains,
            deadline: deadline
        )
    }

    /// Finds the group that a rule names, and looks whether it can be told who is in it.
    /// - Parameters:
    ///   - groupName: The name in the rule.
    ///   - deadline: When to give up.
    /// - Returns: Whether there is one, none or several.
    /// - Throws: `Outage` if no server could say.
    nonisolated(nonsending) func group(named groupName: String, deadline: ContinuousClock.Instant) async throws(Outage)
        -> NamedGroup
    {
        var request = schema.groupSearch(.equal(schema.groups.nameAttribute, groupName))
        (request.sizeLimit, request.pageSize) = (2, nil)
        request.attributes.append("objectClass")
        let (result, server) = try await search(request, step: "rule_group", deadline: deadline)
        switch (result.entries.count, result.isComplete) {
        case (0, true):
            return .none
        case (1, true):
            let entry = result.entries[0]
            let group = try self.groupName(entry.dn)
            if let detail = try await unreadableMembers(of: entry, deadline: deadline) {
                return .unreadable(detail: detail)
            }
            return .one(group, dn: entry.dn)
        case (2..., _):
            return .several(result.entries.map(\.dn))
        default:
            throw Outage(
                code: result.code,
                diagnostic: result.diagnostic,
                source: name,
                server: server.url,
                step: "rule_group"
            )
        }
    }

    /// Reads a name that a server wrote.
    func groupName(_ dn: String) throws(Outage) -> DistinguishedName {
        if let known = groupNames.withLock({ $0[dn] }) { return known }
        do throws(LDAPSyntaxError) {
            let name = try DistinguishedName(parsing: dn)
            groupNames.withLock { names in
                if names.count >= 10_000 { names.removeAll() }
                names[dn] = name
            }
            return name
        } catch {
            throw Outage(.misconfigured, source: self.name, step: "groups", detail: "the server sent “\(dn)”: \(error)")
        }
    }
}
