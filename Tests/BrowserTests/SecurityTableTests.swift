import Foundation
import TestBed
import Testing

/// `docs/asvs.md` says what a security reviewer asks, and which tests show it; here it is held to that.
@Suite("The table of what a security reviewer asks")
struct SecurityTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let id: String
        let state: String
        let how: String
        let tests: [String]

        var testDescription: String { id }
    }

    static let rows: [Row] = {
        let text = (try? String(contentsOfFile: "\(Repository.root)/docs/asvs.md", encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n").compactMap { line in
            let cells = line.components(separatedBy: " | ").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: "| "))
            }
            guard cells.count == 5, cells[0].wholeMatch(of: #/\d+\.\d+\.\d+|[A-Z]{2}-\d\d/#) != nil else { return nil }
            let tests = cells[4].matches(of: #/“([^”]+)”/#).map { String($0.output.1) }
            return Row(id: cells[0], state: cells[2], how: cells[3], tests: tests)
        }
    }()

    /// The names of all tests, whatever the target.
    static let names: Set<String> = {
        let folder = "\(Repository.root)/Tests"
        var names: Set<String> = []
        for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init()
        where path.hasSuffix("Tests.swift") {
            let text = (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)) ?? ""
            names.formUnion(text.matches(of: #/@Test\(\s*"([^"]+)"/#).map { String($0.output.1) })
        }
        return names
    }()

    @Test("is read, and has each item once")
    func complete() {
        #expect(Self.rows.count > 70)
        #expect(Set(Self.rows.map(\.id)).count == Self.rows.count)
        #expect(Self.names.count > 1_000)
    }

    @Test("names tests that exist, and says what is missing where something is", arguments: rows)
    func honest(_ row: Row) {
        for test in row.tests { #expect(Self.names.contains(test), "\(test)") }
        switch row.state {
        case "met": #expect(!row.tests.isEmpty || row.how.contains(".md"), "who shows it?")
        case "partly", "not", "not ours": #expect(!row.how.isEmpty)
        default: Issue.record("\(row.state) is no state")
        }
    }
}
