internal import LDAPClient

/// Finds the primary group, which lists no members: it is a number in the person's own entry.
struct PrimaryGroup {
    private let schema: DirectorySchema

    init(schema: DirectorySchema) {
        self.schema = schema
    }

    /// What the primary group of a person matches; nil if the person has none.
    func filter(for entry: LDAPEntry) -> LDAPFilter? {
        guard let attribute = schema.users.attributes.primaryGroup, let number = entry.single(attribute.text) else {
            return nil
        }
        switch schema.groups.primaryGroup {
        case .none:
            return nil
        case .posix:
            return .equal(schema.groups.numberAttribute, number)
        case .activeDirectory:
            guard let sid = entry.values("objectSid").first, let rid = UInt32(number) else { return nil }
            return Self.groupSID(personSID: sid, rid: rid).map { .equal("objectSid", value: $0) }
        }
    }

    /// The SID of a group in the person's own domain: all but the last sub-authority are the domain's ([MS-DTYP] 2.4.2.2).
    static func groupSID(personSID: [UInt8], rid: UInt32) -> [UInt8]? {
        guard personSID.count >= 12, personSID.count == 8 + Int(personSID[1]) * 4 else { return nil }
        let last = (0..<4).map { UInt8(truncatingIfNeeded: rid >> (8 * $0)) }
        return Array(personSID.dropLast(4)) + last
    }
}
