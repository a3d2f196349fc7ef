internal import LDAPClient

extension Directory {
    /// What a group that cannot be empty lists its members in (RFC 4519, 3.5 and 3.6).
    private static let memberAttributes = ["groupofnames": "member", "groupofuniquenames": "uniquemember"]

    /// Looks whether the service account may see who is in a group.
    ///
    /// A group whose members are hidden looks like one that the person is not in, and a rule with `none` would open.
    /// Where the group lists people, one that by its schema has a member must show it; 389-ds and FreeIPA lack that
    /// `MUST`. Where people list groups, somebody must show a group.
    /// - Parameters:
    ///   - group: The group's entry with its object classes.
    ///   - deadline: When to give up.
    /// - Returns: What is hidden, or nil if nothing is known to be.
    /// - Throws: `Outage` if no server could say.
    nonisolated(nonsending) func unreadableMembers(
        of group: LDAPEntry,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> String? {
        switch schema.groups.strategy {
        case .member: try await hiddenMembers(of: group, deadline: deadline)
        case .memberOf: try await hiddenGroups(deadline: deadline)
        }
    }

    private nonisolated(nonsending) func hiddenMembers(
        of group: LDAPEntry,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> String? {
        guard !schema.users.accountRules.contains(.nsAccountLock) else { return nil }
        let needed = group.strings("objectClass").compactMap { Self.memberAttributes[$0.lowercased()] }
        let asked = schema.groups.memberAttributes.map(\.text).filter { needed.contains($0.lowercased()) }
        guard !asked.isEmpty else { return nil }
        let request = LDAPSearchRequest(base: group.dn, scope: .base, attributes: asked, typesOnly: true)
        let (result, _) = try await search(request, step: "rule_group_members", deadline: deadline)
        guard result.entries.first?.attributes.isEmpty ?? true else { return nil }
        return
            "\(group.dn) must have a member by its schema, and shows \(account.name) no \(asked.joined(separator: ", "))"
    }

    private nonisolated(nonsending) func hiddenGroups(deadline: ContinuousClock.Instant) async throws(Outage) -> String?
    {
        guard let attribute = schema.users.attributes.memberOf else { return nil }
        let request = LDAPSearchRequest(
            base: schema.userBase,
            scope: schema.users.scope.ldapScope,
            filter: .present(attribute),
            attributes: ["1.1"],
            sizeLimit: 1
        )
        let (result, _) = try await search(request, step: "rule_group_members", deadline: deadline)
        guard result.entries.isEmpty else { return nil }
        return "nobody below \(schema.userBase) shows \(account.name) any \(attribute.text)"
    }
}
