import EnterpriseAuth
import HostCrypto
import HostSystem
import Testing

@Suite("Proofs of a known device")
struct KnownDeviceTests {
    let key = KnownDeviceKey(RandomBytes.secret(32))
    let now = Timestamp(milliseconds: 1_772_355_600_000)

    private func device(_ proof: String, _ name: String = "alice", after age: Duration = .zero) -> KnownDevice? {
        key.device(proof: proof, username: name, at: now.adding(age), lifetime: .seconds(86_400))
    }

    @Test("prove a device for one name, however it is spelled")
    func proves() throws {
        let proof = key.proof(for: "alice", at: now)
        let known = try #require(device(proof))
        #expect(device(proof, "ALICE") == known)
        #expect(device(proof, "bob") == nil)
        #expect(device(key.proof(for: "alice", at: now)) != known)
    }

    @Test("a renewed one is of the same device")
    func renewed() throws {
        let known = try #require(device(key.proof(for: "alice", at: now)))
        #expect(
            device(key.proof(for: "alice", at: now.adding(.seconds(9)), renewing: known), after: .seconds(9)) == known
        )
    }

    @Test("end with their time, and are not from the future")
    func lifetime() {
        let proof = key.proof(for: "alice", at: now)
        #expect(device(proof, after: .seconds(86_399)) != nil)
        #expect(device(proof, after: .seconds(86_400)) == nil)
        #expect(device(proof, after: .seconds(-1)) == nil)
    }

    @Test("another key, or a change of any character, proves nothing")
    func forged() {
        let proof = key.proof(for: "alice", at: now)
        let other = KnownDeviceKey(RandomBytes.secret(32))
        #expect(other.device(proof: proof, username: "alice", at: now, lifetime: .seconds(60)) == nil)
        for index in proof.indices {
            var changed = proof
            changed.replaceSubrange(index...index, with: proof[index] == "1" ? "2" : "1")
            #expect(device(changed) == nil, "\(changed)")
        }
    }

    @Test("no other text is one", arguments: ["", ".", "..", "a.1.b", "….1.…", String(repeating: "A", count: 4096)])
    func garbage(text: String) {
        #expect(device(text) == nil)
    }
}
