import Glibc
import HostSystem
import Testing

@Suite("UserDatabase", .timeLimit(.minutes(1)))
struct UserDatabaseTests {
    private func soon() -> ContinuousClock.Instant { .now + .seconds(20) }

    @Test("finds root by name and by number, on this thread and on its own")
    func root() async throws {
        let root = try #require(try UserDatabase.user(named: "root"))
        #expect(root.userID == 0 && root.groupID == 0 && root.homeDirectory == "/root")
        #expect(try UserDatabase.user(id: 0) == root)
        #expect(try await UserDatabase.user(named: "root", deadline: soon()) == root)
        #expect(try await UserDatabase.user(id: 0, deadline: soon()) == root)
        #expect(try UserDatabase.group(named: "root")?.groupID == 0)
        #expect(try await UserDatabase.group(named: "root", deadline: soon())?.name == "root")
    }

    @Test("knows nobody of other names", arguments: ["", "no such person", "root\0x", "ROOT", "root "])
    func nobody(name: String) async throws {
        #expect(try UserDatabase.user(named: name) == nil)
        #expect(try UserDatabase.group(named: name) == nil)
        #expect(try await UserDatabase.user(named: name, deadline: soon()) == nil)
    }
}
