import HostSystem
import LDAPClient
import Logging
import Synchronization
import Testing

@testable import EnterpriseAuth

@Suite("The time of an attempt")
struct AttemptBudgetTests {
    static let now = ContinuousClock.now

    @Test(
        "leaves time for the servers behind",
        arguments: [
            // deadline, servers, limit, attempt; seconds
            (10, 1, 5, 5), (4, 1, 5, 4), (10, 2, 5, 5), (8, 2, 5, 4), (9, 3, 5, 3), (0, 2, 5, 0), (-3, 1, 5, 0),
            (10, 0, 5, 5),
        ] as [(Int, Int, Int, Int)]
    )
    func end(_ deadline: Int, _ servers: Int, _ limit: Int, _ attempt: Int) {
        let end = AttemptBudget.end(
            now: Self.now,
            deadline: Self.now + .seconds(deadline),
            serversLeft: servers,
            limit: .seconds(limit)
        )
        #expect(end == Self.now + .seconds(attempt))
    }

    @Test(
        "that was too short is not the server's fault",
        arguments: [
            (0, 5000, false), (499, 5000, false), (500, 5000, true), (5000, 5000, true), (100, 100, true),
            (99, 100, false),
        ]
    )
    func fairness(_ given: Int, _ limit: Int, _ isFair: Bool) {
        let hadTime = AttemptBudget.isFair(.milliseconds(given), limit: .milliseconds(limit))
        #expect(hadTime == isFair)
        let silence = LDAPError(.timedOut, step: .search, code: .timeout, server: "ldap://a")
        let attempt = ServerAttempt<Void>(
            silence,
            directory: "corp",
            given: .milliseconds(given),
            limit: .milliseconds(limit)
        )
        guard case .silence(_, let isServersFault, _) = attempt else {
            Issue.record("a time-out is no answer")
            return
        }
        #expect(isServersFault == isFair)
        let broken = LDAPError(.connectionLost, step: .search, code: .serverDown, server: "ldap://a")
        let other = ServerAttempt<Void>(
            broken,
            directory: "corp",
            given: .milliseconds(given),
            limit: .milliseconds(limit)
        )
        guard case .silence(_, true, _) = other else {
            Issue.record("a broken connection is the server's fault at any time")
            return
        }
    }
}

@Suite("The connections of a server")
struct DirectoryServerTests {
    /// Nothing listens there.
    private static func directory(_ secret: @escaping SecretReader) throws -> Directory {
        let configuration = DirectoryConfiguration(
            name: "corp",
            preset: .openldap,
            urls: [try LDAPURL(parsing: "ldapi://%2Fnonexistent%2Fldapi")],
            base: try DistinguishedName(parsing: "dc=example"),
            bind: .simple(dn: try DistinguishedName(parsing: "cn=reader"), password: .file("unused"))
        )
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try Directory(configuration, readSecret: secret, clock: SystemWallClock(), logger: logger)
    }

    private static func reason(_ pool: LDAPServicePool) async -> LDAPError.Reason? {
        do throws(LDAPError) {
            _ = try await pool.search(LDAPSearchRequest(base: "", scope: .base), deadline: .now + .seconds(20))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("are not opened once the directory is closed")
    func closed() async throws {
        let directory = try Self.directory { _ in SecretBytes(Array("a".utf8)) }
        _ = try await directory.servers[0].service()
        await directory.shutdown()
        let error = await #expect(throws: LDAPError.self) { try await directory.servers[0].service() }
        #expect(error?.reason == .closed)
    }

    @Test("of an older password serve the searches that run on them, and end with the directory")
    func retired() async throws {
        let secret = Mutex("old")
        let directory = try Self.directory { _ in SecretBytes(Array(secret.withLock { $0 }.utf8)) }
        let old = try await directory.servers[0].service()
        secret.withLock { $0 = "new" }
        try await directory.account.reread()
        let new = try await directory.servers[0].service()
        #expect(new.generation > old.generation)
        for _ in 0..<1000 { await Task.yield() }
        #expect(await Self.reason(old.pool) != .closed)
        await directory.shutdown()
        #expect(await Self.reason(old.pool) == .closed)
    }
}

@Suite("The list of groups that a server keeps with a person")
struct GroupListTests {
    private static func names(_ attributes: [LDAPEntry.Attribute]) throws(EntryProblem) -> [String] {
        try GroupList(entry: LDAPEntry(dn: "uid=a", attributes: attributes), attribute: "memberOf").names
    }

    @Test("is empty or whole")
    func whole() throws {
        #expect(try Self.names([]) == [])
        let shown = LDAPEntry.Attribute(description: "MEMBEROF", values: [Array("cn=a".utf8), Array("cn=b".utf8)])
        let other = LDAPEntry.Attribute(description: "member;range=0-1", values: [])
        #expect(try Self.names([shown, other]) == ["cn=a", "cn=b"])
    }

    @Test("is none where the server cut it, or sent what is no text")
    func cut() {
        for description in ["memberOf;range=0-1499", "memberof;Range=1500-*"] {
            let part = LDAPEntry.Attribute(description: description, values: [Array("cn=a".utf8)])
            let empty = LDAPEntry.Attribute(description: "memberOf", values: [])
            #expect(throws: EntryProblem.self) { try Self.names([empty, part]) }
        }
        let noText = LDAPEntry.Attribute(description: "memberOf", values: [Array("cn=a".utf8), [0x63, 0xff]])
        #expect(throws: EntryProblem.self) { try Self.names([noText]) }
    }
}

@Suite("The immutable id")
struct ImmutableIDTests {
    static let guid: [UInt8] = [
        0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
    ]

    @Test("of Active Directory is written as a GUID and read back")
    func guidText() {
        let format = DirectoryConfiguration.Users.IDFormat.guid
        #expect(format.text(Self.guid) == "00112233-4455-6677-8899-aabbccddeeff")
        #expect(format.value("00112233-4455-6677-8899-aabbccddeeff") == Self.guid)
        #expect(format.value("00112233-4455-6677-8899-AABBCCDDEEFF") == Self.guid)
    }

    @Test(
        "of Active Directory is refused in any other form",
        arguments: [
            "", "00112233", "00112233-4455-6677-8899-aabbccddeef", "0011223344556677-8899-aabbccddeeff0",
            "+0112233-4455-6677-8899-aabbccddeeff", "g0112233-4455-6677-8899-aabbccddeeff",
            "é011223-4455-6677-8899-aabbccddeeff",
        ]
    )
    func noGUID(_ text: String) {
        #expect(DirectoryConfiguration.Users.IDFormat.guid.value(text) == nil)
    }

    @Test("as text is taken as it is, if it is text")
    func plainText() {
        let format = DirectoryConfiguration.Users.IDFormat.text
        #expect(format.text(Array("6f1c".utf8)) == "6f1c")
        #expect(format.text([0xff]) == nil)
        #expect(format.value("") == nil)
        #expect(DirectoryConfiguration.Users.IDFormat.guid.text([1, 2, 3]) == nil)
    }
}

@Suite("A person out of an entry")
struct DirectoryPersonTests {
    static func schema() throws -> DirectorySchema {
        try DirectorySchema(
            DirectoryConfiguration(
                name: "corp",
                preset: .openldap,
                urls: [],
                base: DistinguishedName(parsing: "dc=example,dc=org"),
                bind: .anonymous
            )
        )
    }

    static func entry(_ attributes: [(String, [String])], dn: String = "uid=a,dc=example,dc=org") -> LDAPEntry {
        LDAPEntry(
            dn: dn,
            attributes: attributes.map { LDAPEntry.Attribute(description: $0, values: $1.map { Array($0.utf8) }) }
        )
    }

    @Test("has the names of the directory")
    func person() throws {
        let entry = Self.entry([
            ("UID", ["Alice"]), ("entryUUID", ["6f1c"]), ("cn;lang-de", ["Alis"]), ("cn", ["Alice A", "A. A"]),
            ("mail", ["a@example.org"]), ("pwdChangedTime", ["20261123122008Z"]),
        ])
        let person = try DirectoryPerson(entry: entry, schema: Self.schema())
        let identity = person.identity(directory: "corp", provider: "ldap")
        #expect(identity.userID.rawValue == "corp:6f1c")
        #expect(identity.loginName == "Alice")
        #expect(identity.displayName == "Alice A")
        #expect(identity.email == "a@example.org")
        #expect(identity.passwordVersion == "20261123122008Z")
        #expect(identity.source == .directory(name: "corp", dn: "uid=a,dc=example,dc=org"))
    }

    @Test(
        "is nobody without one login name and one id",
        arguments: [
            [("entryUUID", ["1"])],
            [("uid", []), ("entryUUID", ["1"])],
            [("uid", [""]), ("entryUUID", ["1"])],
            [("uid", ["a", "b"]), ("entryUUID", ["1"])],
            [("uid;x-old", ["a"]), ("entryUUID", ["1"])],
            [("uid", ["a"])],
            [("uid", ["a"]), ("entryUUID", [""])],
            [("uid", ["a"]), ("entryUUID", ["1", "2"])],
        ] as [[(String, [String])]]
    )
    func nobody(_ attributes: [(String, [String])]) throws {
        let schema = try Self.schema()
        #expect(throws: EntryProblem.self) {
            try DirectoryPerson(entry: Self.entry(attributes), schema: schema)
        }
    }

    @Test("is nobody without a DN: a bind with an empty one would be anonymous")
    func noDN() throws {
        let entry = Self.entry([("uid", ["a"]), ("entryUUID", ["1"])], dn: "")
        let schema = try Self.schema()
        #expect(throws: EntryProblem.self) { try DirectoryPerson(entry: entry, schema: schema) }
    }
}

@Suite("The primary group of Active Directory")
struct PrimaryGroupTests {
    /// The SID S-1-5-21-1-2-3-1104.
    static let person: [UInt8] = [
        1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0x50, 4, 0, 0,
    ]

    @Test("lies in the person's own domain")
    func domainUsers() {
        #expect(PrimaryGroup.groupSID(personSID: Self.person, rid: 513) == Self.person.dropLast(4) + [1, 2, 0, 0])
    }

    @Test("is unknown where the SID is none", arguments: [[], [1], Array(person.dropLast()), person + [0]])
    func broken(_ sid: [UInt8]) {
        #expect(PrimaryGroup.groupSID(personSID: sid, rid: 513) == nil)
    }
}
