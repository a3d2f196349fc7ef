import TestBed
import Testing

/// Everybody in people.tsv binds exactly as the table says, so that other suites may rely on it.
struct PeopleTests {
    @Test("everybody of dc=example,dc=org binds as people.tsv says", arguments: TestPerson.all(.openldap))
    func bindsAsListed(person: TestPerson) async throws {
        let server = try await SlapdServer.shared(.openldap)
        let result = try await server.whoAmI(person.dn, person.password)
        #expect(Self.summary(of: result) == person.bind, "\(result.output)\(result.errors)")
    }

    @Test("a wrong password never succeeds", arguments: TestPerson.all)
    func wrongPasswordFails(person: TestPerson) async throws {
        // A server counts wrong passwords of this one, and the others share it.
        guard person.user != "lockme" else { return }
        let server = try await SlapdServer.shared(person.flavour)
        let result = try await server.whoAmI(person.dn, person.password + "x")
        #expect(result.status == 49, "\(result.output)\(result.errors)")
    }

    @Test("everybody of the small directories binds", arguments: TestPerson.all(.rfc2307) + TestPerson.all(.second))
    func smallDirectories(person: TestPerson) async throws {
        let server = try await SlapdServer.shared(person.flavour)
        let result = try await server.whoAmI(person.dn, person.password)
        #expect(Self.summary(of: result) == person.bind, "\(result.output)\(result.errors)")
    }

    @Test("there are at least thirty people and every outcome has one")
    func covers() {
        #expect(Set(TestPerson.all.map(\.dn)).count >= 30)
        let outcomes: Set<TestPerson.Outcome> = Set(TestPerson.all.map(\.outcome))
        #expect(outcomes.count == 9)
    }

    /// The result code and what the password-policy control said, in the words of people.tsv.
    static func summary(of result: Command) -> String {
        let words = [
            ("Password expired, ", " grace"), ("Password expired", " expired"), ("Account locked", " locked"),
            ("must be changed", " must-change"), ("Password expires in", " expiring"),
        ]
        let text = result.output + result.errors
        return "\(result.status)\(words.first { text.contains($0.0) }?.1 ?? "")"
    }
}
