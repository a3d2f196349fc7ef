import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("SessionTable")
struct SessionTableTests {
    /// A session whose token hash begins with eight bytes of `first` and ends with bytes of `last`.
    private func session(first: UInt8, last: UInt8) throws -> LiveSession {
        var session = try SampleSessions.session()
        let bytes = [UInt8](repeating: first, count: 8) + [UInt8](repeating: last, count: 24)
        session.tokenHash = try #require(SessionTokenHash(bytes: bytes))
        let user = DirectoryUser(identity: session.identity, groups: [], isActive: true)
        return LiveSession(session, person: LivePerson(PersonFacts(user), verdictAt: 0), epoch: 0)
    }

    @Test("sessions whose hashes begin alike are told apart, whichever ends first", arguments: 0..<3)
    func collisions(first: Int) throws {
        let table = SessionTable()
        let sessions = try (0..<3).map { try session(first: 7, last: UInt8($0)) }
        for session in sessions { table.insert(session) }
        #expect(table.count == 3)
        #expect(table.find(try session(first: 7, last: 9).tokenHash) == nil)
        for session in sessions { #expect(table.find(session.tokenHash) === session) }
        for offset in 0..<3 {
            let ended = sessions[(first + offset) % 3]
            table.remove(ended)
            #expect(table.find(ended.tokenHash) == nil)
            for later in (offset + 1)..<3 where later < 3 {
                let alive = sessions[(first + later) % 3]
                #expect(table.find(alive.tokenHash) === alive)
            }
        }
        #expect(table.count == 0)
    }

    @Test("hashes known to be unknown are bounded")
    func unknown() throws {
        let table = SessionTable()
        var known = 0
        let hashes = try (0..<20_000).map { _ in try SampleSessions.hash() }
        for hash in hashes { table.rememberUnknown(hash) }
        for hash in hashes where table.isKnownToBeUnknown(hash) { known += 1 }
        #expect((1...256 * 64).contains(known))
    }
}
