import HostCrypto
import HostSystem
import Testing

@Suite("Base64URL")
struct Base64URLTests {
    /// RFC 4648 section 10 without padding, and the two characters in which the alphabets differ.
    static let known: [([UInt8], String)] = [
        ([], ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
        (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"), (Array("foobar".utf8), "Zm9vYmFy"),
        ([0xfb, 0xff], "-_8"),
    ]

    @Test("writes and reads the published examples", arguments: known)
    func knownAnswers(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.encode(SecretBytes(bytes)) == text)
        #expect(Base64URL.decode(text) == bytes)
        #expect(Base64URL.decodeSecret(text) == SecretBytes(bytes))
        #expect(Base64URL.encodeSecretly(SecretBytes(bytes)) == SecretBytes(Array(text.utf8)))
        #expect(Base64URL.decodeSecret(SecretBytes(Array(text.utf8))) == SecretBytes(bytes))
    }

    @Test(
        "refuses every text but the proper one",
        arguments: ["Zg==", "Zg=", "Zh", "Zm9", "Z", "Zm9vY", "+/8", "Zm 9", "Zm9v\n", " Zm9v", "Zm9ü", "Zm9v\0AAA"]
    )
    func strictness(text: String) {
        #expect(Base64URL.decode(text) == nil)
        #expect(Base64URL.decodeSecret(text) == nil)
        #expect(Base64URL.decodeSecret(SecretBytes(Array(text.utf8))) == nil)
    }

    @Test("reads back whatever it wrote")
    func roundTrip() {
        for count in 0..<100 {
            let bytes = RandomBytes.bytes(count)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }
}
