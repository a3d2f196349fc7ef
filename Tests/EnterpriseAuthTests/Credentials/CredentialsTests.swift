import EnterpriseAuth
import HostSystem
import Testing

@Suite("Credentials")
struct CredentialsTests {
    @Test(
        "refuse what no provider may be shown",
        arguments: [
            ("", "pw", .emptyUsername),
            ("alice", "", .emptyPassword),
            ("ali\u{0}ce", "pw", .usernameHasControlCharacters),
            ("alice\n", "pw", .usernameHasControlCharacters),
            ("ali\u{7F}ce", "pw", .usernameHasControlCharacters),
            ("ali\u{FFFD}ce", "pw", .usernameHasControlCharacters),
            ("alice", "p\u{0}w", .passwordHasNUL),
            (String(repeating: "a", count: 257), "pw", .usernameTooLong),
            (String(repeating: "ü", count: 129), "pw", .usernameTooLong),
            ("alice", String(repeating: "p", count: 512), .passwordTooLong),
        ] as [(String, String, CredentialsProblem)]
    )
    func refused(username: String, password: String, problem: CredentialsProblem) {
        #expect(throws: problem) {
            try Credentials(username: username, password: SecretBytes(password.utf8))
        }
    }

    @Test("take the longest name and password, and a password of spaces, byte for byte")
    func accepted() throws {
        let longest = try Credentials(
            username: String(repeating: "a", count: 256),
            password: SecretBytes(String(repeating: "p", count: 511).utf8)
        )
        #expect(longest.password.count == 511)
        let spaces = try Credentials(username: "alice", password: SecretBytes("   ".utf8))
        #expect(spaces.password == SecretBytes("   ".utf8))
    }

    @Test("refuse a user name that is not UTF-8")
    func invalidUTF8() {
        #expect(throws: CredentialsProblem.usernameNotUTF8) {
            try Credentials(usernameBytes: [0x61, 0xFF], password: SecretBytes("pw".utf8))
        }
    }

    @Test("user ids compare byte by byte, not by canonical equivalence")
    func userIDs() {
        #expect(UserID(rawValue: "corp:\u{E9}") != UserID(rawValue: "corp:e\u{301}"))
        #expect(UserID(source: "corp", value: "a:b").value == "a:b")
        #expect(UserID(source: "corp", value: "a:b").source == "corp")
    }
}
