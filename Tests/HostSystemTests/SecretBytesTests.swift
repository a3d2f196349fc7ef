import HostSystem
import Testing

@Suite("SecretBytes")
struct SecretBytesTests {
    @Test("keeps every byte, NUL included, and tells nothing when printed")
    func content() {
        let secret = SecretBytes([0x70, 0x00, 0xff])
        #expect(secret.count == 3)
        #expect(secret == SecretBytes([0x70, 0x00, 0xff]))
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
    }

    @Test("compares by content")
    func equality() {
        #expect(SecretBytes("abc".utf8) == SecretBytes("abc".utf8))
        #expect(SecretBytes("abc".utf8) != SecretBytes("abd".utf8))
        #expect(SecretBytes("abc".utf8) != SecretBytes("ab".utf8))
    }

    @Test("is filled without unsafe code, and wiped when the filling fails")
    func appending() throws {
        let secret = SecretBytes(capacity: 4) { output in
            for byte in "abc".utf8 { output.append(byte) }
        }
        #expect(secret == SecretBytes("abc".utf8))
        #expect(secret[2] == UInt8(ascii: "c"))
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try SecretBytes(capacity: 4) { (output: inout OutputRawSpan) throws(Failure) in
                output.append(UInt8(1))
                throw Failure()
            }
        }
    }
}
