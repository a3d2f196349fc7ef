import EnterpriseAuth
import Foundation
import TestBed
import Testing

/// Holds `docs/metrics.md` against the code; read from both as text, because metrics have one backend a process.
@Suite("The page about metrics")
struct MetricsPageTests {
    private static let page = (try? String(contentsOfFile: "\(Repository.root)/docs/metrics.md", encoding: .utf8)) ?? ""

    /// The cells of the table that lists the metrics, a row each.
    private static let rows: [[Substring]] = page.split(separator: "\n").filter { $0.hasPrefix("| `ent_login_") }
        .map { row in row.split(separator: "|").map { Substring($0.trimmingCharacters(in: .whitespaces)) } }
        .filter { $0.count == 5 }

    private static let sources: [String] = {
        let folder = "\(Repository.root)/Sources"
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
        return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
            .compactMap { try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
            .filter { $0.contains("import Metrics") }
    }()

    /// Name and kind of what each place in the code makes, as the page writes them.
    private static let made: [String] = sources.flatMap { source in
        source.matches(of: /\b(Counter|FloatingPointCounter|Timer|Gauge|Meter|Recorder)\(\s*label: "([^"]+)"/)
            .map { "`\($0.2)` \($0.1.lowercased())" }
    }

    /// The words in code voice of a text.
    private static func words(_ text: some StringProtocol) -> Set<String> {
        Set(
            text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        )
    }

    @Test("has a row for each metric in the code, and no other")
    func names() {
        let emitted = Set(Self.made)
        let listed = Self.rows.map { "\($0[0]) \($0[1])" }
        #expect(emitted.count >= 9)
        #expect(Set(listed) == emitted)
        #expect(Set(listed).count == listed.count)
    }

    @Test("understands every place in the code that makes a metric")
    func makers() {
        let kinds = /\b(Counter|FloatingPointCounter|Timer|Gauge|Meter|Recorder)\(/
        #expect(Self.sources.flatMap { $0.matches(of: kinds) }.count == Self.made.count)
    }

    @Test("names the dimensions of the code, and no other")
    func dimensions() {
        let emitted = Set(Self.sources.flatMap { $0.matches(of: #/[\[ ]\("([a-z_]+)", /#) }.map { String($0.1) })
        // What follows a colon are values.
        let listed = Self.rows.flatMap { Self.words($0[2].prefix { $0 != ":" }) }
        #expect(!emitted.isEmpty)
        #expect(Set(listed) == emitted)
    }

    @Test(
        "names every value that a dimension may have",
        arguments: LoginEvent.Outcome.allCases.map(\.rawValue) + Refusal.Reason.allCases.map(\.rawValue)
            + Outage.Kind.allCases.map(\.rawValue)
            + [PasswordChangeReason.expired, .mustChange].map(\.rawValue)
    )
    func values(_ value: String) {
        #expect(Self.page.contains("`\(value)`"))
    }
}
