import Glibc
import HostSystem
import Testing

@Suite("StandardInput", .timeLimit(.minutes(1)))
struct StandardInputTests {
    /// A pipe that holds a text, closed behind it or not.
    private func pipe(_ text: String, isClosed: Bool = true) throws -> (read: OwnedDescriptor, write: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe Glibc.pipe(&ends) == 0)
        let (read, write) = (OwnedDescriptor(adopting: ends[0]), OwnedDescriptor(adopting: ends[1]))
        let bytes = Array(text.utf8)
        #expect(unsafe Glibc.write(write.descriptor, bytes, bytes.count) == bytes.count)
        if isClosed { write.close() }
        return (read, write)
    }

    @Test(
        "takes everything up to the first line feed",
        arguments: [
            ("secret\n", "secret"), ("secret", "secret"), ("  a b \r\nnext\n", "  a b \r"), ("\n", ""), ("\nx", ""),
            ("a\0b\n", "a\0b"), ("1234567890\n", "1234567890"), ("1234567890", "1234567890"),
        ]
    )
    func lines(text: String, expected: String) throws {
        let (read, _) = try pipe(text)
        let secret = try StandardInput.readSecretLine(limit: 10, descriptor: read.descriptor)
        #expect(secret == SecretBytes(expected.utf8))
    }

    @Test("leaves what follows in the stream")
    func rest() throws {
        let (read, _) = try pipe("one\ntwo\n")
        for expected in ["one", "two"] {
            let secret = try StandardInput.readSecretLine(limit: 10, descriptor: read.descriptor)
            #expect(secret == SecretBytes(expected.utf8))
        }
        #expect(try StandardInput.readSecretLine(limit: 10, descriptor: read.descriptor) == nil)
    }

    @Test("refuses what is longer than the limit, and gives up at the deadline")
    func failures() async throws {
        let (long, _) = try pipe("12345678901\n")
        let tooLarge = #expect(throws: HostError.self) {
            try StandardInput.readSecretLine(limit: 10, descriptor: long.descriptor)
        }
        #expect(tooLarge?.reason == .tooLarge(limit: 10))
        let (open, held) = try pipe("never ends", isClosed: false)
        let late = await #expect(throws: HostError.self) {
            try await aside { () throws(HostError) in
                let deadline = ContinuousClock.now + .milliseconds(50)
                return try StandardInput.readSecretLine(limit: 100, deadline: deadline, descriptor: open.descriptor)
            }
        }
        #expect(late?.reason == .timedOut)
        #expect(held.descriptor >= 0)
    }
}
