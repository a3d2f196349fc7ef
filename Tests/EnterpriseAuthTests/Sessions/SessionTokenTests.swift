import HostSystem
import Testing

@testable import EnterpriseAuth

@Suite("SessionToken, SessionID")
struct SessionTokenTests {
    @Test("a token goes through its text, and no two are alike")
    func roundTrip() throws {
        let tokens = (0..<100).map { _ in SessionToken.random() }
        #expect(Set(tokens.map(\.text)).count == 100)
        for token in tokens {
            #expect(token.text.utf8.count == SessionToken.textLength)
            let read = try #require(SessionToken(token.text))
            #expect(read == token)
            #expect(read.hash == token.hash)
            #expect(SessionTokenHash(ofTokenText: token.text) == token.hash)
            #expect(token.secretText == SecretBytes(text: token.text))
            #expect(SessionToken(token.secretText) == token)
        }
    }

    @Test(
        "what cannot be a token is refused by its form alone",
        arguments: [
            "", "A", String(repeating: "A", count: 42), String(repeating: "A", count: 44),
            String(repeating: "A", count: 42) + "=", String(repeating: "A", count: 42) + "+",
            String(repeating: "A", count: 42) + "/", String(repeating: "A", count: 42) + " ",
            // The last character's spare bits are not zero: a second text for the token of forty-three A.
            String(repeating: "A", count: 42) + "B", String(repeating: "A", count: 41) + "\u{e9}",
            String(repeating: "A", count: 42) + "\u{0}",
        ]
    )
    func malformed(_ text: String) {
        #expect(SessionToken(text) == nil)
        #expect(SessionToken(SecretBytes(text: text)) == nil)
        #expect(SessionTokenHash(ofTokenText: text) == nil)
    }

    @Test("a token tells nothing when it is printed")
    func unprintable() {
        let token = SessionToken.random()
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped, "\([token])", "\(Optional(token) as Any)"] {
            #expect(!text.contains(token.text))
            #expect(!text.contains(token.hash.description))
        }
    }

    @Test("the hash is the SHA-256 of the token's bytes")
    func hash() throws {
        let token = try #require(SessionToken(String(repeating: "A", count: 43)))
        let zeros = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        #expect(token.hash.description == zeros)
        #expect(SessionTokenHash(bytes: token.hash.bytes) == token.hash)
    }

    @Test("an id goes through its text and its bytes, and sorts as they do")
    func ids() throws {
        let ids = (0..<100).map { _ in SessionID() }
        for id in ids {
            #expect(SessionID(id.description) == id)
            #expect(SessionID(bytes: id.bytes) == id)
        }
        #expect(ids.sorted() == ids.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        #expect(ids.sorted() == ids.sorted { $0.description < $1.description })
        for text in ["", "0", String(repeating: "g", count: 32), String(repeating: "A", count: 32)] {
            #expect(SessionID(text) == nil)
        }
    }
}
