import LDAPClient
import Testing

@Suite("A name with gaps")
struct NameTemplateTests {
    @Test("holds no value that is written in its encoding: filled in, it would become text")
    func encoded() throws {
        for text in ["uid={username},o=#020105", "o=#020105+uid={username}"] {
            let error = #expect(throws: LDAPSyntaxError.self) { try DistinguishedName.Template(parsing: text) }
            #expect(error?.subject == .template)
        }
        let template = try DistinguishedName.Template(parsing: "uid={username},o=\\#1")
        #expect(try template.filled(["username": "a,b"]).description == "uid=a\\,b,o=\\#1")
    }
}
