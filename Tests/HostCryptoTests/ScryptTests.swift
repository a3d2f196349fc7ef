import HostCrypto
import HostSystem
import Testing

@Suite("Scrypt")
struct ScryptTests {
    @Test("agrees with RFC 7914 section 12")
    func knownAnswers() throws {
        let empty = try Scrypt(cost: 16, blockSize: 1, parallelism: 1).key(from: SecretBytes([]), salt: [], length: 64)
        #expect(
            text(empty)
                == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        )
        let password = SecretBytes("password".utf8)
        let salted = try Scrypt(cost: 1024, blockSize: 8, parallelism: 16)
            .key(from: password, salt: Array("NaCl".utf8), length: 64)
        #expect(
            text(salted)
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        )
    }

    @Test("works at the recommended cost, and gives another key for another salt or password")
    func differences() async throws {
        let salt = RandomBytes.bytes(16)
        // On a thread of its own: it is meant to take long, and the pool that runs the tests has few.
        let executor = BlockingExecutor(name: "scrypt", width: 1, queueLimit: 0)
        let length = try await executor.run(deadline: .now + .seconds(60)) { () throws(HostError) in
            (try? Scrypt.interactive.key(from: SecretBytes([1]), salt: salt))?.count
        }
        #expect(length == 32)
        let cheap = Scrypt(cost: 16)
        let key = try cheap.key(from: SecretBytes([1]), salt: salt)
        #expect(try cheap.key(from: SecretBytes([1]), salt: salt) == key)
        #expect(try cheap.key(from: SecretBytes([2]), salt: salt) != key)
        #expect(try cheap.key(from: SecretBytes([1]), salt: RandomBytes.bytes(16)) != key)
    }

    private func text(_ secret: SecretBytes) -> String {
        secret.withBytes { bytes in
            Hexadecimal.text(bytes.byteOffsets.map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
        }
    }
}
