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
}
