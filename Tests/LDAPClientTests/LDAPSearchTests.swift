import HostSystem
import LDAPClient
import TestBed
import Testing

@Suite struct LDAPSearchTests {
    private func connection(_ server: SlapdServer) async throws -> LDAPConnection {
        let connection = try await Way.plain.open(server)
        #expect(try await connection.bind(server.readerDN, server.readerPassword).isSuccess)
        return connection
    }

    @Test("Every special person is found by any value, whatever it holds")
    func specialCharacters() async throws {
        let server = try await SlapdServer.shared()
        let connection = try await connection(server)
        for person in TestPerson.all(.openldap)
        where !["ALICE ", "twin"].contains(person.user) && !person.user.contains("@") {
            let request = LDAPSearchRequest(
                base: server.baseDN,
                scope: .subtree,
                filter: .equal("uid", person.user),
                attributes: ["uid"]
            )
            let result = try await connection.search(request, deadline: .soon)
            #expect(result.entries.count == 1, "\(person)")
            let name = try result.entries.first?.distinguishedName()
            #expect(try name == DistinguishedName(parsing: person.dn), "\(person)")
            let again = LDAPSearchRequest(base: name?.description ?? "-", scope: .base, attributes: ["uid"])
            #expect(try await connection.search(again, deadline: .soon).entries.first?.single("uid") == person.user)
        }
    }

    @Test(
        "A typed name with stars and parentheses finds nobody else",
        arguments: ["*", "al*", "alice)(uid=*", "alice,ou=x"]
    )
    func injection(typed: String) async throws {
        let server = try await SlapdServer.shared()
        let template = try LDAPFilter.Template(parsing: "(&(objectClass=inetOrgPerson)(uid={username}))")
        let request = LDAPSearchRequest(
            base: server.baseDN,
            scope: .subtree,
            filter: try template.filled(["username": typed])
        )
        #expect(try await connection(server).search(request, deadline: .soon).entries.isEmpty)
    }

    @Test("A list that the size limit cut is not complete, and says so")
    func sizeLimit() async throws {
        let server = try await SlapdServer.shared()
        let request = LDAPSearchRequest(base: server.peopleDN, scope: .oneLevel, attributes: ["1.1"], sizeLimit: 2)
        let result = try await connection(server).search(request, deadline: .soon)
        #expect(result.code == .sizeLimitExceeded && !result.isComplete)
        #expect(result.entries.count == 2)
        #expect(result.entries.allSatisfy { $0.attributes.isEmpty })
    }

    @Test("Pages bring together what one search brings at once")
    func paging() async throws {
        let server = try await SlapdServer.shared()
        let connection = try await connection(server)
        var request = LDAPSearchRequest(base: server.peopleDN, scope: .oneLevel, attributes: ["uid"])
        let whole = try await connection.search(request, deadline: .soon)
        request.pageSize = 7
        let paged = try await connection.search(request, deadline: .soon)
        #expect(whole.entries.count > 20)
        #expect(paged.isComplete && Set(paged.entries) == Set(whole.entries))
    }

    @Test("An entry that is not there is an answer")
    func noSuchObject() async throws {
        let server = try await SlapdServer.shared()
        let request = LDAPSearchRequest(base: "cn=nobody,\(server.baseDN)", scope: .base)
        let result = try await connection(server).search(request, deadline: .soon)
        #expect(result.code == .noSuchObject && result.entries.isEmpty && !result.isComplete)
    }

    @Test("Only names are sent when only names are wanted")
    func typesOnly() async throws {
        let server = try await SlapdServer.shared()
        let request = LDAPSearchRequest(base: TestPerson.named("alice").dn, scope: .base, typesOnly: true)
        let entry = try await connection(server).search(request, deadline: .soon).entries.first
        #expect(entry?.attributes.contains { $0.name == "uid" } == true)
        #expect(entry?.attributes.allSatisfy { $0.values.isEmpty } == true)
    }

    @Test("Many searches on one connection each get their own answer")
    func multiplexed() async throws {
        let server = try await SlapdServer.shared()
        let connection = try await connection(server)
        let people = ["alice", "bob", "carol", "dora", "sam", "nora", "nobody"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                let wanted = people[index % people.count]
                group.addTask {
                    let request = LDAPSearchRequest(
                        base: server.peopleDN,
                        scope: .subtree,
                        filter: .equal("uid", wanted)
                    )
                    let result = try await connection.search(request, deadline: .soon)
                    #expect(result.entries.compactMap { $0.single("uid") } == (wanted == "nobody" ? [] : [wanted]))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("Tasks that prefer the LDAP thread get the same answers")
    func preferredExecutor() async throws {
        let server = try await SlapdServer.shared()
        try await withTaskExecutorPreference(LDAPExecutor.shared) {
            let connection = try await connection(server)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let request = LDAPSearchRequest(base: TestPerson.named("alice").dn, scope: .base)
                        let result = try await connection.search(request, deadline: .soon)
                        #expect(result.entries.first?.single("uid") == "alice")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("References to other servers are counted and not followed")
    func references() async throws {
        // A search result reference (RFC 4511, 4.5.2) and then the end of the search, both for message 1.
        let uri = Array("ldap://127.0.0.1:9/dc=x".utf8)
        let reference = [0x30, UInt8(uri.count + 7), 2, 1, 1, 0x73, UInt8(uri.count + 2), 4, UInt8(uri.count)] + uri
        let server = try MuteServer { request in
            request.operation == .search ? .bytes(reference + request.response(code: 0)) : .silence
        }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let result = try await connection.search(LDAPSearchRequest(base: "", scope: .base), deadline: .soon)
        #expect(result.referralCount == 1 && result.entries.isEmpty && result.code == .success)
    }
}
