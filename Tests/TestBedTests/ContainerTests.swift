import TestBed
import Testing

/// The dockerised directory is really built and run, and is the same directory as the native one.
@Suite(.enabled(if: Obstacle.containers == nil, "\(Obstacle.containers ?? "")"))
struct ContainerTests {
    @Test("everybody binds to the container as people.tsv says, over StartTLS")
    func people() async throws {
        let server = try await SlapdServer.startInContainer()
        for person in TestPerson.all(.openldap) {
            let result = try await server.whoAmI(person.dn, person.password, options: ["-ZZ"])
            #expect(PeopleTests.summary(of: result) == person.bind, "\(person): \(result.output)\(result.errors)")
        }
        let alice = TestPerson.named("alice").dn
        let native = try await SlapdServer.shared().search(alice, "(uid=alice)", ["memberOf"])
        #expect(try await server.search(alice, "(uid=alice)", ["memberOf"]) == native)
        try server.suspend()
        try server.resume()
        await server.stop()
        #expect(server.processID == nil)
    }
}
