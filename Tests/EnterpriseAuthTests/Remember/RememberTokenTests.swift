import Testing

@testable import EnterpriseAuth

@Suite("RememberToken")
struct RememberTokenTests {
    @Test("FL-52 its text comes back as the same token, and fits into a cookie")
    func text() throws {
        let token = RememberToken.random()
        #expect(token.text.utf8.count == RememberToken.textLength)
        #expect(token.text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !Array("\",;\\".utf8).contains($0) })
        #expect(RememberToken(token.text) == token)
        #expect(RememberToken.random() != token)
    }

    @Test(
        "FL-53 what cannot be a token is none, whatever bytes it has",
        arguments: [
            "", ".", "x", String(repeating: "A", count: 87), String(repeating: ".", count: 87),
            String(repeating: "A", count: 42) + "." + String(repeating: "A", count: 44),
            String(repeating: "A", count: 43) + "|" + String(repeating: "A", count: 43),
            String(repeating: "A", count: 43) + "." + String(repeating: "A", count: 42) + "B",
            String(repeating: "A", count: 43) + "." + String(repeating: "A", count: 41) + "\u{e9}",
            String(repeating: "A", count: 43) + ".\u{301}" + String(repeating: "A", count: 41),
            String(repeating: "A", count: 43) + "." + String(repeating: "A", count: 43) + "\n",
        ]
    )
    func malformed(_ text: String) {
        #expect(RememberToken(text) == nil)
    }

    @Test("neither its description nor a dump shows anything of it")
    func silent() {
        let token = RememberToken.random()
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            #expect(!text.contains(token.text.prefix(10)))
            #expect(!text.contains(token.tokenHash.description.prefix(10)))
        }
    }

    @Test("successor and session token are the same for the same salt, and have nothing in common otherwise")
    func derived() {
        let token = RememberToken.random()
        let (salt, other): ([UInt8], [UInt8]) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        #expect(token.successor(salt) == token.successor(salt))
        #expect(token.successor(salt).seriesHash == token.seriesHash)
        #expect(token.sessionToken(salt) == token.sessionToken(salt))
        let hashes = [
            token.tokenHash, token.successor(salt).tokenHash, token.successor(other).tokenHash,
            token.sessionToken(salt).hash, token.sessionToken(other).hash,
            token.successor(salt).sessionToken(salt).hash,
            RememberToken.random().successor(salt).tokenHash,
        ]
        #expect(Set(hashes).count == hashes.count)
    }
}
