import Foundation
import TestBed
import Testing

/// `docs/flask-login.md` says of every statement and every upstream test what became of it; here it is held to that.
@Suite("The table of Flask-Login's statements and tests")
struct FlaskLoginTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let id: String
        let state: String
        let remark: String

        var testDescription: String { id }
    }

    static let rows: [Row] = {
        let path = "\(Repository.root)/docs/flask-login.md"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n").compactMap { line in
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 6, cells[1].wholeMatch(of: #/FL-\d\d|T\d+/#) != nil else { return nil }
            return Row(id: cells[1], state: cells[3], remark: cells[4])
        }
    }()

    /// The ids that stand in the names of tests here.
    static let tested: Set<String> = {
        let folder = "\(Repository.root)/Tests/EnterpriseAuthHummingbirdTests"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var ids: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
            for match in text.matches(of: #/"((?:(?:FL-\d\d|T\d+), )*(?:FL-\d\d|T\d+)): /#) {
                ids.formUnion(match.output.1.components(separatedBy: ", "))
            }
        }
        return ids
    }()

    @Test("has each of the 57 statements and the 114 tests once")
    func complete() {
        let statements = (1...57).map { $0 < 10 ? "FL-0\($0)" : "FL-\($0)" }
        #expect(Self.rows.map(\.id) == statements + (1...114).map { "T\($0)" })
    }

    @Test("says tested of what a test here names, and gives the reason for everything else", arguments: rows)
    func honest(_ row: Row) {
        switch row.state {
        case "tested": #expect(Self.tested.contains(row.id), "no test names \(row.id)")
        case "differs", "open": #expect(!row.remark.isEmpty)
        default: Issue.record("\(row.state) is no state")
        }
    }

    @Test("knows of every id that a test names", arguments: tested.sorted())
    func known(_ id: String) {
        let row = Self.rows.first { $0.id == id }
        #expect(row != nil)
    }
}
