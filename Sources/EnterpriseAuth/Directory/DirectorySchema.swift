internal import LDAPClient

/// How one directory keeps people and groups: the configured names, filters and templates, read once and checked.
///
/// The values come from a preset and from what the file overrides (`DirectoryConfiguration.Users` and `.Groups`).
struct DirectorySchema: Sendable {
    /// The placeholder of the user filter and the DN template.
    static let placeholder = "username"

    let users: DirectoryConfiguration.Users
    let groups: DirectoryConfiguration.Groups
    let accountRules: AccountRules

    /// The bases as they go over the wire.
    let (userBase, groupBase): (String, String)

    /// Whether places named by the server (search references) may be passed over.
    ///
    /// Active Directory names its other partitions in every search from the domain's root; there they hold no people.
    /// Elsewhere a reference means that entries are missing from the answer, and absence must not be believed.
    let passesOverReferences: Bool

    /// What a search for a person asks for.
    let userAttributes: [String]

    init(_ configuration: DirectoryConfiguration) throws(StartFailure) {
        let part = "directories.\(configuration.name)"
        users = configuration.users
        groups = configuration.groups
        accountRules = AccountRules(configuration.users.accountRules)
        passesOverReferences = configuration.preset == .activeDirectory
        (userBase, groupBase) = (users.base.description, groups.base.description)
        let needed = [users.filter.placeholders, users.dnTemplate?.placeholders].compactMap { $0 }
        guard needed.allSatisfy({ $0.contains(Self.placeholder) }) else {
            let problem = "users.filter or users.dn_template lacks {\(Self.placeholder)} and would find anybody"
            throw StartFailure(part: part, problem: problem, fix: "put {\(Self.placeholder)} where the name belongs")
        }
        userAttributes = Self.attributes(users: users, groups: groups, rules: accountRules)
    }

    private static func attributes(
        users: DirectoryConfiguration.Users,
        groups: DirectoryConfiguration.Groups,
        rules: AccountRules
    ) -> [String] {
        let names = users.attributes
        var wanted = [names.login, names.id]
        wanted += [names.displayName, names.mail].compactMap { $0 }
        if groups.strategy == .memberOf, let memberOf = names.memberOf { wanted.append(memberOf) }
        switch groups.primaryGroup {
        case .none: break
        case .posix: wanted += [names.primaryGroup].compactMap { $0 }
        case .activeDirectory: wanted += [names.primaryGroup, "objectSid"].compactMap { $0 }
        }
        return wanted.map(\.text) + rules.attributes
    }
}

extension DirectorySchema {
    /// The search for the people of a login name; two are enough to know that there is no one person.
    func search(forLoginName name: String) throws(LDAPSyntaxError) -> LDAPSearchRequest {
        LDAPSearchRequest(
            base: userBase,
            scope: users.scope.ldapScope,
            filter: try users.filter.filled([Self.placeholder: name]),
            attributes: userAttributes,
            sizeLimit: 2
        )
    }

    /// The search for the person of an immutable id, who still matches the user filter unless `filter` is nil.
    func search(forID id: [UInt8], filter: LDAPFilter?) -> LDAPSearchRequest {
        let isID = LDAPFilter.equal(users.attributes.id, value: id)
        return LDAPSearchRequest(
            base: userBase,
            scope: users.scope.ldapScope,
            filter: filter.map { .and([$0, isID]) } ?? isID,
            attributes: userAttributes,
            sizeLimit: 2
        )
    }

    /// Reads one entry, if it matches the user filter.
    func read(dn: String, filter: LDAPFilter) -> LDAPSearchRequest {
        LDAPSearchRequest(base: dn, scope: .base, filter: filter, attributes: userAttributes, sizeLimit: 2)
    }

    /// A search among the groups.
    func groupSearch(_ filter: LDAPFilter) -> LDAPSearchRequest {
        LDAPSearchRequest(
            base: groupBase,
            scope: groups.scope.ldapScope,
            filter: .and([groups.filter, filter]),
            attributes: [groups.nameAttribute.text],
            pageSize: groups.pageSize > 0 ? Int32(clamping: groups.pageSize) : nil
        )
    }
}

extension DirectoryConfiguration.Scope {
    /// The same in the words of the protocol.
    var ldapScope: LDAPSearchRequest.Scope {
        switch self {
        case .oneLevel: .oneLevel
        case .subtree: .subtree
        }
    }
}
