import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("Tokens that are being looked up")
struct TokenLookupsTests {
    /// Takes places until there are no more.
    private func flood(_ lookups: inout TokenLookups, from address: String?) throws -> [SessionTokenHash] {
        var taken: [SessionTokenHash] = []
        for _ in 0...TokenLookups.limit {
            let hash = try SampleSessions.hash()
            guard (try? lookups.join(hash, from: address)) != nil else { break }
            taken.append(hash)
        }
        return taken
    }

    @Test("leave room to the others, however many one network makes up", arguments: ["192.0.2.1", "2001:db8::1", nil])
    func share(address: String?) throws {
        var lookups = TokenLookups()
        #expect(try flood(&lookups, from: address).count == TokenLookups.limit / 2)
        for number in 2..<8 {
            #expect(try lookups.join(try SampleSessions.hash(), from: "192.0.2.\(number)").isNew)
        }
        // More than half is more than is free.
        #expect(throws: Outage.self) { try lookups.join(try SampleSessions.hash(), from: address) }
    }

    @Test("of one IPv6 network share one share")
    func network() throws {
        var lookups = TokenLookups()
        _ = try flood(&lookups, from: "2001:db8::1")
        #expect(throws: Outage.self) { try lookups.join(try SampleSessions.hash(), from: "2001:db8::ffff") }
        #expect(try lookups.join(try SampleSessions.hash(), from: "2001:db8:0:1::1").isNew)
    }

    @Test("are joined by whoever comes with the same token, and give their place back")
    func join() throws {
        var lookups = TokenLookups()
        let taken = try flood(&lookups, from: "192.0.2.1")
        #expect(try lookups.join(taken[0], from: "192.0.2.1").isNew == false)
        for hash in taken { lookups.leave(hash) }
        #expect(try flood(&lookups, from: "192.0.2.1").count == TokenLookups.limit / 2)
    }
}
