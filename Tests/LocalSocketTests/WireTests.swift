import EnterpriseAuth
import Foundation
import HostSystem
import Testing

@testable import LocalSocket

@Suite("The messages of the local socket")
struct WireTests {
    private static let token = String(repeating: "A", count: 43)

    private func frame(_ text: String) -> SecretBytes { SecretBytes(Array(text.utf8)) }

    @Test(
        "A message that is no request of this version is refused with its reason",
        arguments: [
            ("", "complete"), ("{", "complete"), ("[]", "no JSON object"), ("{}", "v must be 1"), ("null", "no JSON"),
            (#"{"v":1}"#, "do is missing"), (#"{"v":2,"do":"reload"}"#, "v must be 1"),
            (#"{"v":"1","do":"reload"}"#, "v must be a number"), (#"{"v":1,"do":"dance"}"#, "unknown"),
            (#"{"v":1,"do":"reload","x":1}"#, "unknown here"), (#"{"v":1,"do":"reload","do":"more"}"#, "twice"),
            (#"{"v":1,"do":"reload"} x"#, "follows"), (#"{"v":1,"do":"whoami"}"#, "token is missing"),
            (#"{"v":1,"do":"whoami","token":"abc"}"#, "no session token"),
            (#"{"v":1,"do":"whoami","token":{"a":1}}"#, "must be a text"),
            (#"{"v":1,"do":"login","user":7,"password":"x"}"#, "user must be a text"),
            (#"{"v":1,"do":"login","user":"a","password":"x","password_hex":"00"}"#, "password must be"),
            (#"{"v":1,"do":"login","user":"a","password_hex":"0"}"#, "pairs"),
            (#"{"v":1,"do":"login","user":"a","password_hex":"0g"}"#, "not hexadecimal"),
            (#"{"v":1,"do":"answer"}"#, "answers is missing"),
            (#"{"v":1,"do":"answer","answers":[1]}"#, "list of texts"),
            (#"{"v":1,"do":"sessions.end"}"#, "exactly one"), (#"{"v":1,"do":"sessions.end","ids":["x"]}"#, "an id"),
            (#"{"v":1,"do":"sessions.end","all":true,"user":"a"}"#, "exactly one"),
            (#"{"v":1,"do":"throttle.clear"}"#, "exactly one"), (#"{"v":1,"do":"forget"}"#, "is missing"),
            (#"{"v":1,"do":"restore","remember_token":"x.y"}"#, "is none"), (#"{"v":1,"do":"re\u00zzload"}"#, "escape"),
            (#"{"v":1,"do":"\ud800x"}"#, "half a character"), ("{\"v\":1,\"do\":\"a\nb\"}", "control character"),
            (#"{"v":1,"do":nonsense}"#, "JSON's"), (#"{"v":99999999999999999999,"do":"reload"}"#, "v must be a number"),
        ]
    )
    func refused(text: String, reason: String) throws {
        let problem = #expect(throws: WireProblem.self) { try LocalRequest(frame(text)) }
        #expect(problem?.reason.contains(reason) == true, "\(problem?.reason ?? "")")
    }

    @Test("A message made to tire its reader out is refused")
    func bombs() {
        let deep = #"{"v":1,"do":"reload","x":"# + String(repeating: "[", count: 60_000)
        let objects = #"{"v":1,"do":"reload","x":"# + String(repeating: #"{"a":"#, count: 10_000)
        let keys = "{" + (0..<5000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        let list =
            #"{"v":1,"do":"answer","answers":["# + repeatElement("\"\"", count: 20_000).joined(separator: ",") + "]}"
        for text in [deep, objects, keys, list] {
            #expect(throws: WireProblem.self) { try LocalRequest(frame(text)) }
        }
    }

    @Test("Whatever a password holds, it arrives byte for byte")
    func passwords() throws {
        for bytes in [[], Array("plain".utf8), Array(#"qu"o\te"#.utf8), [0xFF, 0x00, 0x0A], Array("grün ✓".utf8)] {
            let sent = LocalRequest.login(user: "al\"i\\c\ne ✓", password: SecretBytes(bytes), replacing: nil)
            guard case .login(let user, let password, nil, false) = try LocalRequest(sent.frame) else {
                Issue.record("another request")
                continue
            }
            #expect(user == "al\"i\\c\ne ✓")
            #expect(password == SecretBytes(bytes))
        }
    }

    @Test("Text may be escaped, as every JSON writer does it")
    func escapes() throws {
        let text = #" { "v" : 1 , "do":"login","user":"\u0061\ud83d\ude00\/","password":"\"\\\b\f\n\r\t" } "#
        guard case .login(let user, let password, nil, false) = try LocalRequest(frame(text)) else {
            Issue.record("another request")
            return
        }
        #expect(user == "a😀/")
        #expect(password == SecretBytes([0x22, 0x5C, 8, 12, 10, 13, 9]))
    }

    @Test("Every request says the same after its way over the wire")
    func roundTrips() throws {
        let token = try #require(SessionToken(Self.token))
        let remembered = try #require(RememberToken("\(Self.token).\(Self.token)"))
        let id = try #require(SessionID(String(repeating: "0", count: 32)))
        let requests: [LocalRequest] = [
            .answer([SecretBytes("1".utf8), SecretBytes([0])]), .whoAmI(token), .logout(token, everywhere: true),
            .logout(token, everywhere: false), .listSessions(of: "a", token: token), .listSessions(of: nil, token: nil),
            .endSessions(.all, token: nil), .endSessions(.ids([id]), token: token),
            .endSessions(.user(UserID(rawValue: "corp:x")), token: nil), .endSessions(.loginName("x"), token: nil),
            .listThrottle, .clearThrottle(.all), .clearThrottle(.user("a")), .clearThrottle(.source("::1")), .reload,
            .more, .restore(remembered), .forget(remembered),
            .login(user: "a", password: SecretBytes("b".utf8), replacing: token, remember: true),
        ]
        for request in requests {
            #expect("\(try LocalRequest(request.frame))" == "\(request)")
        }
    }

    @Test("A token travels in an answer and is in none of its texts")
    func answerToken() throws {
        var answer = LocalAnswer(.success, "well")
        answer.unknown = ["a\"b"]
        answer.token = SessionToken(Self.token)
        answer.rememberToken = RememberToken("\(Self.token).\(Self.token)")
        let frame = try #require(try answer.frame())
        #expect(frame.text?.contains(#""token":"\#(Self.token)""#) == true)
        let read = try LocalAnswer(frame)
        #expect(read.token == answer.token && read.rememberToken == answer.rememberToken)
        #expect(read.unknown == ["a\"b"])
        #expect(!"\(read)".contains(Self.token))
    }

    @Test("An answer of another version, or none, is not believed")
    func strangeAnswers() {
        for text in ["{}", #"{"v":2,"outcome":"success"}"#, #"{"v":1,"outcome":"perhaps"}"#, #"{"v":1}"#] {
            #expect(throws: WireProblem.self) { try LocalAnswer(frame(text)) }
        }
    }
}
