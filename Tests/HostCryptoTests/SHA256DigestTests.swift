import HostCrypto
import HostSystem
import Testing

@Suite("SHA256Digest")
struct SHA256DigestTests {
    /// The examples of FIPS 180-4 as NIST publishes them.
    static let known: [(String, String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("agrees with the published examples, in whichever form the bytes come", arguments: known)
    func knownAnswers(text: String, expected: String) {
        let bytes = Array(text.utf8)
        #expect(SHA256Digest(of: text).description == expected)
        #expect(SHA256Digest(of: bytes).description == expected)
        #expect(SHA256Digest(of: bytes.span).description == expected)
        #expect(SHA256Digest(of: SecretBytes(bytes)).description == expected)
    }

    @Test("digests long input")
    func million() {
        #expect(
            SHA256Digest(of: [UInt8](repeating: 0x61, count: 1_000_000)).description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test("digests what a base64url text stands for, and only proper texts of the right length")
    func base64URL() {
        let token = RandomBytes.bytes(32)
        let text = Base64URL.encode(token)
        #expect(SHA256Digest(ofBase64URL: text, byteCount: 32) == SHA256Digest(of: token))
        #expect(SHA256Digest(ofBase64URL: text, byteCount: 31) == nil)
        #expect(SHA256Digest(ofBase64URL: text + "A", byteCount: 32) == nil)
        #expect(SHA256Digest(ofBase64URL: text.dropLast() + "=", byteCount: 32) == nil)
        #expect(SHA256Digest(ofBase64URL: "", byteCount: 32) == nil)
    }

    @Test("survives being stored, and is equal and hashed by content")
    func storage() throws {
        let digest = SHA256Digest(of: "abc")
        let again = try #require(SHA256Digest(bytes: digest.bytes))
        #expect(digest == again)
        #expect(Set([digest, again, SHA256Digest(of: "abd")]).count == 2)
        #expect(SHA256Digest(bytes: digest.bytes.dropLast()) == nil)
        #expect(SHA256Digest(bytes: digest.bytes + [0]) == nil)
        for index in 0..<32 {
            var changed = digest.bytes
            changed[index] ^= 1
            #expect(SHA256Digest(bytes: changed) != digest)
        }
    }

    @Test("gives the same answers on many threads at once")
    func threads() async {
        let expected = SHA256Digest(of: "abc")
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<2000).allSatisfy { _ in SHA256Digest(of: "abc") == expected } }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
