import HostCrypto
import HostSystem
import Testing

@Suite("HMACKey")
struct HMACKeyTests {
    /// RFC 4231 sections 4.2, 4.4 and 4.7: key, message, code.
    static let known: [([UInt8], [UInt8], String)] = [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]

    @Test("agrees with the published examples, also when used again", arguments: known)
    func knownAnswers(key: [UInt8], message: [UInt8], expected: String) {
        let key = HMACKey(SecretBytes(key))
        for _ in 0..<2 { #expect(key.code(for: message).description == expected) }
        #expect(key.secret(for: message) == SecretBytes(key.code(for: message).bytes))
    }

    @Test("takes a message in two parts, the second of them a secret", arguments: known)
    func twoParts(key: [UInt8], message: [UInt8], expected: String) {
        let key = HMACKey(SecretBytes(key))
        for length in [0, 1, message.count / 2, message.count] {
            let (first, second) = (Array(message.prefix(length)), SecretBytes(message.dropFirst(length)))
            #expect(key.code(for: first, followedBy: second).description == expected)
        }
    }

    @Test("accepts a code for its own message and key only")
    func validation() {
        let (first, second) = (HMACKey(RandomBytes.secret(32)), HMACKey(RandomBytes.secret(32)))
        let code = first.code(for: [1, 2, 3]).bytes
        #expect(first.isValid(code, for: [1, 2, 3]))
        #expect(!first.isValid(code, for: [1, 2, 4]))
        #expect(!second.isValid(code, for: [1, 2, 3]))
        #expect(!first.isValid(code.dropLast(), for: [1, 2, 3]))
        #expect(!first.isValid([], for: [1, 2, 3]))
    }
}
