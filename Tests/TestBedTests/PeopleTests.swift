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
    private static func summary(of result: Command) -> String {
        let text = result.output + result.errors
        let control =
            text.contains("Password expired, ")
            ? " grace"
            : text.contains("Password expired")
                ? " expired"
                : text.contains("Account locked")
                    ? " locked"
                    : text.contains("must be changed")
                        ? " must-change" : text.contains("Password expires in") ? " expiring" : ""
        return "\(result.status)\(control)"
    }
}
