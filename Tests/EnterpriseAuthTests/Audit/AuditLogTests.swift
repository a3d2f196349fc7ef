import EnterpriseAuthTesting
import Foundation
import HostSystem
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("Audit logs")
struct AuditLogTests {
    private static func event(name: String = "alice") -> LoginEvent {
        var event = LoginEvent(
            .login,
            .refused,
            at: Timestamp(milliseconds: 1_772_355_600_007),
            reason: "wrong_password",
            detail: "ldap1: 49"
        )
        event.name = name
        event.userID = UserID(rawValue: "corp:1")
        event.provider = "corp"
        event.sessionID = SessionID(String(repeating: "a", count: 32))
        event.client = SessionClient(address: "192.0.2.7", userAgent: "B", requestID: "r1")
        return event
    }

    @Test("an event is one line of JSON with who, what, when, from where, how it ended and why")
    func json() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Self.event().jsonLine.utf8)) as? [String: String]
        #expect(
            object == [
                "time": "2026-03-01T09:00:00.007Z", "event": "login", "outcome": "refused",
                "reason": "wrong_password", "detail": "ldap1: 49", "name": "alice", "user_id": "corp:1",
                "provider": "corp", "session": String(repeating: "a", count: 32), "door": "web",
                "address": "192.0.2.7", "user_agent": "B", "request_id": "r1",
            ]
        )
    }

    @Test(
        "what a person typed can neither end a line nor hide in it, and is still there",
        arguments: [
            "a\nb", "a\r\nb", "a\u{0}b", "a\u{1b}[2Kb", "a\u{9b}b", "a\u{2028}b", "a\u{202e}b", "a\u{7f}b", "a\"b\\c",
            "a\u{feff}b", "\u{e000}", "\u{1F600}\u{e9}", "\u{e0001}x",
        ]
    )
    func injection(_ name: String) throws {
        let line = Self.event(name: name).jsonLine
        for scalar in line.unicodeScalars {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .format && category != .lineSeparator)
        }
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        #expect(object?["name"].map { Array($0.unicodeScalars) } == Array(name.unicodeScalars))
    }

    @Test("the file gets every event in order, is its owner's only, and may be rotated away")
    func file() async throws {
        let scratch = try ScratchDirectory(name: "audit")
        defer { scratch.remove() }
        let path = scratch.path("audit.jsonl")
        let log = try JSONLinesAuditLog(path: path)
        for number in 0..<500 { log.record(Self.event(name: "person\(number)")) }
        await log.flush()
        let names = try lines(scratch, "audit.jsonl").map { $0["name"] }
        #expect(names == (0..<500).map { "person\($0)" })
        #expect(try HostFile.facts(of: path).mode == 0o600)
        try FileManager.default.moveItem(atPath: path, toPath: scratch.path("audit.jsonl.1"))
        log.record(Self.event(name: "later"))
        await log.flush()
        #expect(try lines(scratch, "audit.jsonl").map { $0["name"] } == ["later"])
        #expect(try lines(scratch, "audit.jsonl.1").count == 500)
    }

    @Test("a file that cannot be opened is an error that names it")
    func cannotOpen() throws {
        let scratch = try ScratchDirectory(name: "audit")
        defer { scratch.remove() }
        let path = scratch.path("missing/audit.jsonl")
        do {
            _ = try JSONLinesAuditLog(path: path)
            Issue.record("opened")
        } catch {
            #expect("\(error)".contains(path))
        }
    }

    @Test("a logger gets the fields as metadata, without control characters")
    func logger() {
        let log = RecordedLog()
        var event = Self.event(name: "a\nb")
        event.outcome = .unavailable
        LoggerAuditLog(log.logger).record(event)
        let line = log.lines.first ?? ""
        #expect(line.contains("warning login: unavailable"))
        #expect(line.contains("name=a\\nb"))
        #expect(!line.contains("\n"))
    }

    private func lines(_ scratch: ScratchDirectory, _ name: String) throws -> [[String: String]] {
        try scratch.read(name).split(separator: "\n").map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String] ?? [:]
        }
    }
}
