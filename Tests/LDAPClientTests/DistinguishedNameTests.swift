import LDAPClient
import TestBed
import Testing

@Suite struct DistinguishedNameTests {
    @Test(
        "Names are read by RFC 4514 and written in one form",
        arguments: [
            ("", ""),
            ("dc=example,dc=org", "dc=example,dc=org"),
            (" uid = alice , ou = people ", "uid=alice,ou=people"),
            (#"cn=Comma\, Carla,dc=org"#, #"cn=Comma\, Carla,dc=org"#),
            (#"cn=Comma\2C Carla,dc=org"#, #"cn=Comma\, Carla,dc=org"#),
            (#"cn="Comma, Carla",dc=org"#, #"cn=Comma\, Carla,dc=org"#),
            (
                #"cn=\ #all\, \+ \"of\" \\ \<them\> \; \= # * (x)\ "#,
                #"cn=\ #all\, \+ \"of\" \\ \<them\> \; \= # * (x)\ "#
            ),
            (##"cn=\#hash"##, ##"cn=\#hash"##),
            (#"cn=#04024869"#, "cn=Hi"),
            (#"cn=#0C03C3BC78"#, "cn=üx"),
            (#"1.3.6.1.4.1.1466.0=#0403486900"#, #"1.3.6.1.4.1.1466.0=Hi\00"#),
            (#"cn=#30030101FF"#, "cn=#30030101ff"),
            ("ou=Sales+cn=J. Smith,dc=example", "ou=Sales+cn=J. Smith,dc=example"),
            (#"cn=L\C4\8Di\C4\87"#, "cn=Lčić"),
            (#"cn=before\0Dafter"#, #"cn=before\0dafter"#),
            (#"cn=bad\FFbyte"#, #"cn=bad\ffbyte"#),
            (#"cn=\00"#, #"cn=\00"#),
            ("cn=", "cn="),
            (#"cn=\ "#, #"cn=\ "#),
            (#"cn=two  inside"#, "cn=two  inside"),
            ("cn=a=b", #"cn=a\=b"#),
            ("uid=李雷,ou=people", "uid=李雷,ou=people"),
        ]
    )
    func readAndWritten(text: String, expected: String) throws {
        let name = try DistinguishedName(parsing: text)
        #expect(name.description == expected)
        let again = try DistinguishedName(parsing: name.description)
        #expect(again.description == expected)
        #expect(again == name)
    }

    @Test(
        "What is no name is refused with the place",
        arguments: [
            ("x", 1), ("=x", 0), ("cn=a,", 5), ("cn=a,,dc=b", 5), ("cn=a;dc=b", 4), ("cn=a<b", 4),
            (#"cn=a\"#, 4), (#"cn=a\zz"#, 4), (#"cn=a\4"#, 4), ("cn=#", 3), ("cn=#4", 4), ("cn=#04x", 6),
            (#"cn="open"#, 3), ("cn=\u{0}", 3), ("c n=a", 2), ("9x=a", 0), ("cn=a+", 5), (#"cn="a"b"#, 6),
            ("ö=a", 0), ("cn;lang-de=a", 2),
        ]
    )
    func refused(text: String, offset: Int) {
        let error = #expect(throws: LDAPSyntaxError.self) { try DistinguishedName(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.subject == .distinguishedName)
    }

    @Test(
        "Equal names",
        arguments: [
            ("CN=Alice,DC=Example", "cn=alice,dc=example"),
            ("cn=a  b,dc=x", "cn=a b,dc=x"),
            (#"cn=\ a\ ,dc=x"#, "cn=a,dc=x"),
            ("ou=a+cn=b", "cn=B+OU=A"),
            ("2.5.4.3=a,0.9.2342.19200300.100.1.25=x", "cn=a,dc=x"),
            ("userid=a", "uid=a"),
            (#"cn=\61lice"#, "cn=alice"),
            ("cn=#040161", "cn=A"),
            ("cn=Ünal", "cn=ünal"),
            ("cn=u\u{308}", "cn=ü"),
        ]
    )
    func equal(one: String, other: String) throws {
        let (one, other) = (try DistinguishedName(parsing: one), try DistinguishedName(parsing: other))
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
    }

    @Test(
        "Different names",
        arguments: [
            ("cn=a,dc=x", "cn=b,dc=x"), ("cn=a", "ou=a"), ("cn=a,dc=x", "cn=a"), ("cn=ab", "cn=a b"),
            (#"cn=a\,dc=x"#, "cn=a,dc=x"), ("cn=a+ou=b", "cn=a,ou=b"), (#"cn=\FF"#, #"cn=\FE"#),
            ("cn=#30030101FF", "cn=#3003010100"), (#"cn=a\00"#, "cn=a"), ("cn=a+cn=a", "cn=a"),
        ]
    )
    func different(one: String, other: String) throws {
        #expect(try DistinguishedName(parsing: one) != DistinguishedName(parsing: other))
    }

    @Test("Any value survives being written and read")
    func roundTrip() async throws {
        var random = SeededRandom(seed: 4514)
        let alphabet = Array(" ,+\"\\<>;=#*()a\u{0}\u{7f}\r\nü李".utf8) + [0xFF, 0x80]
        for _ in 0..<400 {
            // Other tests have deadlines to keep.
            await Task.yield()
            let value = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let name = try DistinguishedName(parsing: "ou=people,dc=x").appending(attribute: "cn", value: value)
            let again = try DistinguishedName(parsing: name.description)
            #expect(again.rdns.count == 3)
            #expect(again.rdns[0][0].value == value)
            #expect(again == name)
        }
    }

    @Test(
        "An entry lies below its ancestors only",
        arguments: [
            ("uid=a,ou=people,dc=x", "ou=People, dc=X", true), ("uid=a,ou=people,dc=x", "", true),
            ("ou=people,dc=x", "ou=people,dc=x", false), ("dc=x", "ou=people,dc=x", false),
            ("uid=a,ou=people,dc=y", "ou=people,dc=x", false), (#"uid=a\,ou=people,dc=x"#, "ou=people,dc=x", false),
            ("uid=a,xou=people,dc=x", "ou=people,dc=x", false),
        ]
    )
    func below(one: String, other: String, expected: Bool) throws {
        let (one, other) = (try DistinguishedName(parsing: one), try DistinguishedName(parsing: other))
        #expect(one.isDescendant(of: other) == expected)
    }

    @Test("The parent is the name without its first step")
    func parent() throws {
        #expect(try DistinguishedName(parsing: "cn=a,dc=x").parent?.description == "dc=x")
        #expect(DistinguishedName.root.parent == nil)
    }

    @Test(
        "A template puts whatever is typed into one value",
        arguments: [
            ("alice", "uid=alice,ou=people,dc=x"),
            ("alice,ou=other", #"uid=alice\,ou\=other,ou=people,dc=x"#),
            ("a+cn=b", #"uid=a\+cn\=b,ou=people,dc=x"#),
            ("#0401", ##"uid=\#0401,ou=people,dc=x"##),
            (" x ", #"uid=\ x\ ,ou=people,dc=x"#),
            ("{dn}", "uid={dn},ou=people,dc=x"),
            ("a\u{0}b", #"uid=a\00b,ou=people,dc=x"#),
        ]
    )
    func template(typed: String, expected: String) throws {
        let template = try DistinguishedName.Template(parsing: "uid={username},ou=people,dc=x")
        #expect(template.placeholders == ["username"])
        let name = try template.filled(["username": typed])
        #expect(name.description == expected)
        #expect(name.rdns.count == 3)
        #expect(try name.isDescendant(of: DistinguishedName(parsing: "ou=people,dc=x")))
    }

    @Test("A placeholder may stand beside text")
    func besideText() throws {
        let template = try DistinguishedName.Template(parsing: #"cn=u-{username} \7bx\7d,dc=x"#)
        #expect(try template.filled(["username": "a,b"]).description == #"cn=u-a\,b {x},dc=x"#)
    }

    @Test("A value that is missing or empty fills nothing", arguments: [[:], ["username": ""], ["user": "x"]])
    func unfilled(values: [String: String]) throws {
        let template = try DistinguishedName.Template(parsing: "uid={username},dc=x")
        #expect(throws: LDAPSyntaxError.self) { try template.filled(values) }
    }

    @Test(
        "A placeholder stands in values only and is well formed",
        arguments: ["{username}", "{type}=x,dc=y", "uid={,dc=x", "uid={},dc=x", "uid={User},dc=x", "uid={a b},dc=x"]
    )
    func badTemplate(text: String) {
        #expect(throws: LDAPSyntaxError.self) { try DistinguishedName.Template(parsing: text) }
    }
}
