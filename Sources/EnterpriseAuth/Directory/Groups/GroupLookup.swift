internal import LDAPClient
internal import Logging

/// Finds the groups of one person: those they are directly in, and upwards from there level by level.
///
/// A level costs one search for up to `batch` groups, so the depth of the nesting and not its width sets the time. A
/// list that may be incomplete (size limit, depth limit, too many groups) is an outage and never a shorter list: a rule
/// with `none` would open.
struct GroupLookup {
    /// Filters with more parts than this are no faster, and some servers refuse them.
    static let batch = 50

    private let directory: Directory
    private let deadline: ContinuousClock.Instant
    /// Whether each group is searched from by itself, so that it is known which one led to which.
    private let explains: Bool

    private var memberships: [GroupMembership] = []
    private var seen: Set<DistinguishedName> = []
    /// Groups outside of the groups' base that list the person: none of ours, but ours may contain them.
    private var strangers: [GroupMembership] = []

    private init(_ directory: Directory, explains: Bool, deadline: ContinuousClock.Instant) {
        self.directory = directory
        self.explains = explains
        self.deadline = deadline
    }

    private var schema: DirectorySchema { directory.schema }

    /// Finds the groups of the person behind an entry.
    /// - Parameters:
    ///   - dn: The person's entry.
    ///   - loginName: The person's login name, for groups that list names.
    ///   - directory: Whom to ask.
    ///   - explains: Whether the way to each group is wanted; costs a search for each group.
    ///   - deadline: When to give up.
    /// - Returns: The groups, or nil if the person's entry is gone.
    /// - Throws: `Outage` if the list could not be had in full.
    static nonisolated(nonsending) func run(
        dn: String,
        loginName: String,
        in directory: Directory,
        explains: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> [GroupMembership]? {
        var lookup = GroupLookup(directory, explains: explains, deadline: deadline)
        guard try await lookup.collectDirect(dn: dn, loginName: loginName) else { return nil }
        if lookup.schema.groups.nested { try await lookup.climb() }
        return lookup.memberships
    }

    /// Collects the groups that the person is directly in; false if the person is gone.
    private mutating nonisolated(nonsending) func collectDirect(dn: String, loginName: String) async throws(Outage)
        -> Bool
    {
        var filters: [LDAPFilter] = []
        let listsByServer = schema.groups.strategy == .memberOf
        if !listsByServer {
            filters += schema.groups.memberAttributes.map { .equal($0, value: Array(dn.utf8)) }
        }
        filters += schema.groups.memberNameAttributes.map { .equal($0, loginName) }
        if listsByServer || schema.groups.primaryGroup != .none {
            let request = schema.read(dn: dn, filter: .present("objectClass"))
            let (result, _) = try await directory.search(request, step: "read_user", deadline: deadline)
            guard let entry = result.entries.first else { return false }
            if let filter = PrimaryGroup(schema: schema).filter(for: entry) { filters.append(filter) }
            if listsByServer, let attribute = schema.users.attributes.memberOf {
                try add(listed: listed(attribute.text, in: entry))
            }
        }
        if !filters.isEmpty { try await add(matching: filters, depth: 0, via: []) }
        return true
    }

    /// Climbs from the groups found so far to the groups that hold them, until there are no new ones.
    private mutating nonisolated(nonsending) func climb() async throws(Outage) {
        guard !schema.groups.memberAttributes.isEmpty else {
            throw outage(.misconfigured, "groups nest by their members, and there are no groups.member_attributes")
        }
        var begin = 0
        var depth = 1
        while begin < memberships.count || !strangers.isEmpty {
            guard ContinuousClock.now < deadline else {
                throw outage(.timeout, "the time was over before all groups of groups were found")
            }
            let level = Array(memberships[begin...]) + strangers
            (begin, strangers) = (memberships.count, [])
            try await climb(from: level, depth: depth)
            if depth > schema.groups.maxDepth, begin < memberships.count {
                let limit = schema.groups.maxDepth
                throw outage(.misconfigured, "groups are nested more than \(limit) deep (groups.max_depth)")
            }
            depth += 1
        }
    }

    private mutating nonisolated(nonsending) func climb(from level: [GroupMembership], depth: Int) async throws(Outage)
    {
        var rest = level[...]
        while !rest.isEmpty {
            let children = rest.prefix(explains ? 1 : Self.batch)
            rest = rest.dropFirst(children.count)
            let filters = children.flatMap { child in
                schema.groups.memberAttributes.map { LDAPFilter.equal($0, value: Array(child.dn.utf8)) }
            }
            let via = explains ? children.flatMap { $0.via + [$0.name] } : []
            try await add(matching: filters, depth: depth, via: via)
        }
    }

    private mutating nonisolated(nonsending) func add(
        matching filters: [LDAPFilter],
        depth: Int,
        via: [String]
    ) async throws(Outage) {
        let request = schema.groupSearch(filters.count == 1 ? filters[0] : .or(filters))
        let (result, server) = try await directory.search(request, step: "groups", deadline: deadline)
        guard result.isComplete else {
            throw Outage(
                code: result.code,
                diagnostic: result.diagnostic,
                source: directory.name,
                server: server.url,
                step: "groups"
            )
        }
        for entry in result.entries {
            let name = entry.first(schema.groups.nameAttribute.text) ?? entry.dn
            try add(dn: entry.dn, name: name, depth: depth, via: via)
        }
    }

    /// The DNs that the server keeps with the person, all of them or none.
    private func listed(_ attribute: String, in entry: LDAPEntry) throws(Outage) -> [String] {
        do throws(EntryProblem) {
            return try GroupList(entry: entry, attribute: attribute).names
        } catch {
            throw outage(.misconfigured, error.detail)
        }
    }

    /// Takes the DNs that the server keeps with the person.
    ///
    /// Those outside of the groups' base are none of ours, but are climbed from: a group of ours may contain them. With
    /// the strategy `member` such groups are never seen, and so neither is what lies above them.
    private mutating func add(listed names: [String]) throws(Outage) {
        for dn in names {
            let group = try directory.groupName(dn)
            guard group.isDescendant(of: schema.groups.base) else {
                guard schema.groups.nested, seen.insert(group).inserted else { continue }
                strangers.append(GroupMembership(name: dn, dn: dn, via: [], depth: 0, group: group))
                guard memberships.count + strangers.count <= schema.groups.maxGroups else { throw tooMany }
                continue
            }
            let own = group.rdns.first?.first { $0.type == schema.groups.nameAttribute }?.value
            let name = own.flatMap { String(validating: $0, as: UTF8.self) } ?? dn
            try add(dn: dn, name: name, depth: 0, via: [])
        }
    }

    private mutating func add(dn: String, name: String, depth: Int, via: [String]) throws(Outage) {
        let group = try directory.groupName(dn)
        guard seen.insert(group).inserted else { return }
        memberships.append(GroupMembership(name: name, dn: dn, via: via, depth: depth, group: group))
        guard memberships.count + strangers.count <= schema.groups.maxGroups else { throw tooMany }
    }

    private var tooMany: Outage {
        outage(.misconfigured, "the person is in more than \(schema.groups.maxGroups) groups (groups.max_groups)")
    }

    private func outage(_ kind: Outage.Kind, _ detail: String) -> Outage {
        directory.logger.error("groups could not be found in full", metadata: ["detail": "\(detail)"])
        return Outage(kind, source: directory.name, step: "groups", detail: detail)
    }
}
