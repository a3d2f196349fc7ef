import Testing

@testable import EnterpriseAuth

@Suite("Tokens that no session has")
struct UnknownTokensTests {
    @Test("are told one by one at first, and then by their number")
    func flood() {
        let tokens = UnknownTokens()
        let first = (0..<100).map { _ in tokens.count(from: "192.0.2.1", now: 0) }
        #expect(first == Array(repeating: 1, count: 10) + Array(repeating: nil, count: 90))
        #expect(tokens.count(from: "192.0.2.2", now: 0) == 1)
        #expect(tokens.count(from: "192.0.2.1", now: UnknownTokens.span - 1) == nil)
        #expect(tokens.count(from: "192.0.2.1", now: UnknownTokens.span) == 92)
        #expect(tokens.count(from: "192.0.2.1", now: UnknownTokens.span) == 1)
    }

    @Test("from one IPv6 network count together, and an IPv4 address in an IPv6 coat is that address")
    func networks() {
        let tokens = UnknownTokens()
        let told = (0..<100).compactMap { tokens.count(from: "2001:db8::\($0)", now: 0) }
        #expect(told.count == UnknownTokens.freeEvents)
        #expect(tokens.count(from: "2001:db8:0:1::1", now: 0) == 1)
        for _ in 0..<UnknownTokens.freeEvents { _ = tokens.count(from: "192.0.2.1", now: 0) }
        #expect(tokens.count(from: "::ffff:192.0.2.1", now: 0) == nil)
    }

    @Test("from more addresses than anybody keeps share what is left")
    func addresses() {
        let tokens = UnknownTokens()
        let told = (0..<10_000).map { tokens.count(from: "2001:db8:0:\($0)::1", now: 0) }
        #expect(told.count { $0 == 1 } == 4096 + UnknownTokens.freeEvents)
        #expect(tokens.count(from: nil, now: UnknownTokens.span) == 10_000 - 4096 - UnknownTokens.freeEvents + 1)
    }
}
