import HostCrypto
import Testing

@Suite("ConstantTime")
struct ConstantTimeTests {
    @Test("compares by content")
    func equality() {
        #expect(ConstantTime.areEqual([], [UInt8]()))
        #expect(ConstantTime.areEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
        #expect(ConstantTime.areEqual(SHA256Digest(of: "a"), SHA256Digest(of: "a")))
        #expect(!ConstantTime.areEqual(SHA256Digest(of: "a"), SHA256Digest(of: "b")))
    }
}
