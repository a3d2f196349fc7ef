import HostSystem
import Testing

@Suite("LocalAccountFiles")
struct LocalAccountFilesTests {
    static let users = """
        root:x:0:0:root:/root:/bin/bash
        # a comment
        alice:x:1000:1000:Alice,,,:/home/alice:/bin/sh

        bob:x:1001:50:Bob:/home/bob:
        alice:x:1002:0:another:/:/bin/sh
        +::::::
        """
    static let groups = """
        root:x:0:
        staff:x:50:alice
        alice:x:1000:
        wheel:*:10:bob,alice
        wheel:x:11:carol
        also1000::1000:
        nested:x:70:@wheel
        """

    let scratch: ScratchDirectory
    let files: LocalAccountFiles

    init() throws {
        scratch = try ScratchDirectory()
        try HostFile.writeAtomically(Self.users.utf8, to: scratch.file("passwd"))
        try HostFile.writeAtomically(Self.groups.utf8, to: scratch.file("group"))
        files = LocalAccountFiles(userPath: scratch.file("passwd"), groupPath: scratch.file("group"))
    }

    @Test("finds the groups that list a person and the primary group")
    func membership() throws {
        #expect(try files.groups(of: "alice", userID: 1000) == ["staff", "alice", "wheel", "also1000"])
        #expect(try files.groups(of: "bob", userID: 1001) == ["staff", "wheel"])
        #expect(try files.groups(of: "root", userID: 0) == ["root"])
    }

    @Test("knows only people of the file, with the file's number")
    func strangers() throws {
        #expect(try files.groups(of: "carol", userID: 1003) == nil)
        #expect(try files.groups(of: "alice", userID: 1001) == nil)
        #expect(try files.groups(of: "alice", userID: 1002) == nil)
        #expect(try files.groups(of: "Alice", userID: 1000) == nil)
        #expect(try files.groups(of: "", userID: 0) == nil)
        #expect(try files.groups(of: "+", userID: 0) == nil)
    }

    @Test("knows which groups there are")
    func existence() throws {
        #expect(try files.hasGroup(named: "wheel"))
        #expect(try !files.hasGroup(named: "whee"))
        #expect(try !files.hasGroup(named: ""))
        #expect(try files.allGroups().count == 7)
        #expect(try files.allUsers().count == 4)
    }

    @Test(
        "does not guess what a malformed line might mean",
        arguments: [
            "wheel:x:10", "wheel:x:ten:bob", ":x:10:bob", "wheel:x:10:bob:", "wheel:x:-1:bob", "wheel", "a\0:x:1:",
        ]
    )
    func malformed(line: String) throws {
        try HostFile.writeAtomically("root:x:0:\n\(line)\n".utf8, to: scratch.file("group"))
        let error = #expect(throws: HostError.self) { try files.groups(of: "root", userID: 0) }
        #expect(error?.subject == scratch.file("group") + ":2")
        #expect(throws: HostError.self) { try files.hasGroup(named: "root") }
    }

    @Test("says so when a file is missing or the user file is malformed")
    func unreadable() throws {
        let missing = LocalAccountFiles(userPath: scratch.file("none"), groupPath: scratch.file("none"))
        #expect(throws: HostError.self) { try missing.groups(of: "root", userID: 0) }
        #expect(throws: HostError.self) { try missing.hasGroup(named: "root") }
        try HostFile.writeAtomically("root:x:0:0:root:/root\n".utf8, to: scratch.file("passwd"))
        let error = #expect(throws: HostError.self) { try files.groups(of: "root", userID: 0) }
        #expect(error?.subject == scratch.file("passwd") + ":1")
    }

    @Test("reads the host's own files")
    func host() throws {
        let host = LocalAccountFiles()
        #expect(try host.hasGroup(named: "root"))
        #expect(try host.groups(of: "root", userID: 0)?.contains("root") == true)
    }
}
