import HostCrypto
import HostSystem
import Testing

@Suite("SealingKey")
struct SealingKeyTests {
    @Test("opens test case 15 of the GCM specification")
    func knownAnswer() throws {
        let key = SealingKey(SecretBytes(try bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")))
        let content = try bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                + "b16aedf5aa0de657ba637b391aafd255"
        )
        let box = try bytes(
            "01" + "cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f662898015ad" + "b094dac5d93471bdec1a502270e3cc6c"
        )
        #expect(try key.open(box, purpose: "") == SecretBytes(content))
        #expect(key.seal(SecretBytes(content), purpose: "").count == box.count)
    }

    @Test("opens what it sealed, of every size, and each box is different", arguments: [0, 1, 15, 16, 17, 4096, 70000])
    func roundTrip(size: Int) throws {
        let key = SealingKey(RandomBytes.secret(32))
        let content = RandomBytes.secret(size)
        let box = key.seal(content, purpose: "session data")
        #expect(try key.open(box, purpose: "session data") == content)
        #expect(key.seal(content, purpose: "session data") != box)
    }

    @Test("opens nothing that was changed, and nothing for another key or purpose")
    func authenticity() throws {
        let key = SealingKey(RandomBytes.secret(32))
        let box = key.seal(SecretBytes("hello".utf8), purpose: "a")
        for index in box.indices {
            var changed = box
            changed[index] ^= 0x80
            let error = #expect(throws: CryptoError.self) { try key.open(changed, purpose: "a") }
            if index > 0 { #expect(error?.reason == .notAuthentic) }
        }
        for length in 0..<box.count {
            #expect(throws: CryptoError.self) { try key.open(Array(box.prefix(length)), purpose: "a") }
        }
        #expect(throws: CryptoError.self) { try key.open(box + [0], purpose: "a") }
        for purpose in ["", "b", "A", "a "] {
            let error = #expect(throws: CryptoError.self) { try key.open(box, purpose: purpose) }
            #expect(error?.reason == .notAuthentic)
        }
        #expect(throws: CryptoError.self) { try SealingKey(RandomBytes.secret(32)).open(box, purpose: "a") }
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        let digits = Array(text)
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(digits[index...(index + 1)]), radix: 16))
        }
    }
}
