import HostCrypto
import HostSystem
import Testing

@Suite("RandomBytes")
struct RandomBytesTests {
    @Test("are as many as asked for and differ each time")
    func differences() {
        #expect(RandomBytes.bytes(0).isEmpty)
        #expect(RandomBytes.secret(0).isEmpty)
        #expect(RandomBytes.bytes(33).count == 33)
        #expect(Set((0..<1000).map { _ in RandomBytes.bytes(16) }).count == 1000)
        #expect(RandomBytes.secret(32) != RandomBytes.secret(32))
    }

    @Test("use every bit")
    func bits() {
        var seen = [UInt8](repeating: 0, count: 32)
        for _ in 0..<64 {
            for (index, byte) in RandomBytes.bytes(32).enumerated() { seen[index] |= byte }
        }
        #expect(seen.allSatisfy { $0 == 0xff })
    }
}
