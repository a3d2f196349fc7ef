import LDAPClient
import TestBed
import Testing

@Suite struct LDAPFilterTests {
    @Test(
        "Filters are read by RFC 4515 and written in one form",
        arguments: [
            ("(uid=alice)", "(uid=alice)"),
            ("(&(objectClass=person)(uid=a))", "(&(objectClass=person)(uid=a))"),
            ("(|(cn=a)(!(sn=b)))", "(|(cn=a)(!(sn=b)))"),
            ("(&)", "(&)"), ("(|)", "(|)"),
            ("(cn=*)", "(cn=*)"),
            ("(cn=a*)", "(cn=a*)"), ("(cn=*a)", "(cn=*a)"), ("(cn=a*b*c)", "(cn=a*b*c)"), ("(cn=*a*)", "(cn=*a*)"),
            ("(age>=5)", "(age>=5)"), ("(age<=5)", "(age<=5)"), ("(cn~=x)", "(cn~=x)"),
            ("(cn=)", "(cn=)"),
            (#"(cn=\2a)"#, #"(cn=\2a)"#), (#"(cn=\41)"#, "(cn=A)"), (#"(cn=\C3\BC)"#, #"(cn=\c3\bc)"#),
            ("(cn=ü)", #"(cn=\c3\bc)"#), (#"(cn=\00)"#, #"(cn=\00)"#),
            ("(cn=a b,c=d)", "(cn=a b,c=d)"),
            ("(member:1.2.840.113556.1.4.1941:=cn=x)", "(member:1.2.840.113556.1.4.1941:=cn=x)"),
            ("(cn:dn:2.4.6:=x)", "(cn:dn:2.4.6:=x)"), ("(o:dn:=x)", "(o:dn:=x)"), ("(:dn:2.4.6:=x)", "(:dn:2.4.6:=x)"),
            ("(:caseExactMatch:=x)", "(:caseExactMatch:=x)"),
            ("(userCertificate;binary=x)", "(userCertificate;binary=x)"), ("(2.5.4.3=x)", "(2.5.4.3=x)"),
        ]
    )
    func readAndWritten(text: String, expected: String) throws {
        let filter = try LDAPFilter(parsing: text)
        #expect(filter.description == expected)
        #expect(try LDAPFilter(parsing: filter.description) == filter)
    }

    @Test(
        "What is no filter is refused with the place",
        arguments: [
            ("", 0), ("uid=a", 0), ("(uid=a", 6), ("(uid=a))", 7), ("(uid=a) ", 7), ("()", 1), ("(=a)", 1),
            ("(uid)", 4),
            ("(uid>a)", 4), ("(uid=a(b)", 6), (#"(uid=\2)"#, 5), (#"(uid=\zz)"#, 5), ("(uid=\u{0})", 5), ("(!)", 2),
            ("(!(a=b)(c=d))", 7), ("(&(a=b)c)", 7), ("( uid=a)", 1), ("(u id=a)", 2), ("(cn=a**b)", 6), ("(a>=b*)", 5),
            ("(:=x)", 1), ("(:dn:=x)", 1), ("(cn:dn:x:y:=z)", 9), ("(cn:2.5:x)", 8), ("(9a=b)", 1), ("(ö=b)", 1),
        ]
    )
    func refused(text: String, offset: Int) {
        let error = #expect(throws: LDAPSyntaxError.self) { try LDAPFilter(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.subject == .filter)
    }

    @Test("Nesting has a limit")
    func nesting() {
        let deep = String(repeating: "(!", count: 60) + "(a=b)" + String(repeating: ")", count: 60)
        #expect(throws: LDAPSyntaxError.self) { try LDAPFilter(parsing: deep) }
    }

    @Test("Any value survives being written and read, and changes no structure")
    func roundTrip() async throws {
        var random = SeededRandom(seed: 4515)
        let alphabet = Array("*()\\&|!=<>~:{}a \u{0}\u{7f}ü".utf8) + [0xFF, 0x80]
        func value() -> [UInt8] {
            (0..<Int.random(in: 1..<9, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        }
        for _ in 0..<150 {
            // Other tests have deadlines to keep.
            await Task.yield()
            let filters: [LDAPFilter] = [
                .equal("uid", value: value()), .greaterOrEqual("uid", value: value()),
                .lessOrEqual("a", value: value()),
                .approximate("b", value: value()), .substrings("c", initial: value(), any: [value()], final: value()),
                .substrings("c", initial: nil, any: [value(), value()], final: nil),
                .extensible(attribute: "m", rule: "1.2.3", inName: true, value: value()),
            ]
            let filter = LDAPFilter.and([.or(filters), .not(.equal("x", value: value())), .present("y")])
            #expect(try LDAPFilter(parsing: filter.description) == filter)
        }
    }

    @Test(
        "A template keeps its structure whatever is typed",
        arguments: [
            ("alice", "(&(objectClass=person)(uid=alice))"),
            ("*", #"(&(objectClass=person)(uid=\2a))"#),
            ("al*", #"(&(objectClass=person)(uid=al\2a))"#),
            ("alice)(uid=*", #"(&(objectClass=person)(uid=alice\29\28uid=\2a))"#),
            (#"a\2a"#, #"(&(objectClass=person)(uid=a\5c2a))"#),
            ("{username}", "(&(objectClass=person)(uid={username}))"),
            ("", "(&(objectClass=person)(uid=))"),
            ("a\u{0}b", #"(&(objectClass=person)(uid=a\00b))"#),
            ("jürgen", #"(&(objectClass=person)(uid=j\c3\bcrgen))"#),
        ]
    )
    func template(typed: String, expected: String) throws {
        let template = try LDAPFilter.Template(parsing: "(&(objectClass=person)(uid={username}))")
        #expect(template.placeholders == ["username"])
        #expect(try template.filled(["username": typed]).description == expected)
    }

    @Test("Placeholders may stand beside text, between stars and in extensible matches")
    func places() throws {
        let text = #"(|(cn=*{name}*)(mail={name}@x)(m:1.2.3:={dn})(a=\7bname\7d)(b>={n_o}))"#
        let template = try LDAPFilter.Template(parsing: text)
        #expect(template.placeholders == ["name", "dn", "n_o"])
        #expect(template.description == text)
        let filled = try template.filled(["name": "*", "dn": "cn=x", "n_o": "1", "more": "ignored"])
        #expect(filled.description == #"(|(cn=*\2a*)(mail=\2a@x)(m:1.2.3:=cn=x)(a={name})(b>=1))"#)
    }

    @Test("An empty value between two stars asks for presence, not for everything to match nothing")
    func emptyBetweenStars() throws {
        let template = try LDAPFilter.Template(parsing: "(cn=*{name}*)")
        #expect(try template.filled(["name": ""]) == .present("cn"))
    }

    @Test("A gap without a value is an error")
    func unfilled() throws {
        let template = try LDAPFilter.Template(parsing: "(uid={username})")
        #expect(throws: LDAPSyntaxError.self) { try template.filled(["user": "x"]) }
    }

    @Test(
        "A placeholder stands in values only and is well formed",
        arguments: [
            "{filter}", "({attribute}=x)", "(uid={username)", "(uid={})", "(uid={User})", "(uid={a b})",
            "(uid{x}=y)", "(cn:{rule}:=x)", "(&{parts})",
        ]
    )
    func badTemplate(text: String) {
        #expect(throws: LDAPSyntaxError.self) { try LDAPFilter.Template(parsing: text) }
    }

    @Test("A brace in a filter that is no template is an ordinary character")
    func ordinaryBrace() throws {
        #expect(try LDAPFilter(parsing: "(a={b})") == .equal("a", "{b}"))
    }

    @Test("A name as a value is written with both kinds of escaping")
    func nameAsValue() throws {
        let name = try DistinguishedName(parsing: "dc=x").appending(attribute: "cn", value: "a,(b)*")
        #expect(LDAPFilter.equal("member", name).description == #"(member=cn=a\5c,\28b\29\2a,dc=x)"#)
    }

    @Test("Attribute names compare without regard to case, and hold nothing but names")
    func attributeNames() throws {
        #expect(try LDAPAttributeName(parsing: "UID") == "uid")
        for text in ["", "a b", "a=b", "a)(b", "1.2.", "1..2", "a;", "a;b c", "-a", "ü", "a*", "a\u{0}"] {
            #expect(throws: LDAPSyntaxError.self) { try LDAPAttributeName(parsing: text) }
        }
    }
}
