import Foundation
import TestBed
import Testing

@Suite("The documentation")
struct DocumentationTests {
    /// One fenced block of Swift in an article or the README.
    struct Block: Sendable, CustomTestStringConvertible {
        let article: String
        let number: Int
        let lines: [String]

        var testDescription: String { "\(article), line \(number)" }
    }

    private static let catalog = "Sources/EnterpriseAuth/Documentation.docc"

    /// Lines without the blanks around them, because an excerpt is indented differently.
    private static func trimmedLines(_ path: String) throws -> [String] {
        try String(contentsOfFile: "\(Repository.root)/\(path)", encoding: .utf8)
            .components(separatedBy: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func files(below folder: String, suffix: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: "\(Repository.root)/\(folder)")?.allObjects ?? []
        return names.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
    }

    static let blocks: [Block] = {
        (["README.md"] + files(below: catalog, suffix: ".md")).flatMap { article in
            var blocks: [Block] = []
            var open: (number: Int, lines: [String])?
            for (index, line) in ((try? trimmedLines(article)) ?? []).enumerated() {
                if let block = open, line == "```" {
                    blocks.append(Block(article: article, number: block.number, lines: block.lines))
                    open = nil
                } else if open != nil {
                    open?.lines.append(line)
                } else if line == "```swift" {
                    open = (index + 1, [])
                }
            }
            return blocks
        }
    }()

    static let examples: [[String]] = files(below: "Examples", suffix: ".swift").compactMap { try? trimmedLines($0) }

    @Test("shows Swift in its articles at all")
    func hasBlocks() {
        #expect(Self.blocks.count >= 10)
        #expect(Self.examples.count >= 3)
    }

    @Test("shows only Swift that is compiled in an example", arguments: blocks)
    func isCompiled(_ block: Block) {
        #expect(!block.lines.isEmpty)
        let found = Self.examples.contains { lines in
            lines.indices.contains { lines[$0...].starts(with: block.lines) }
        }
        #expect(found, "\(block.article):\(block.number) is not to be found below Examples")
    }

    @Test("links every article from its first page")
    func linksArticles() throws {
        let index = try String(contentsOfFile: "\(Repository.root)/\(Self.catalog)/EnterpriseAuth.md", encoding: .utf8)
        for article in Self.files(below: Self.catalog, suffix: ".md") where !article.hasSuffix("/EnterpriseAuth.md") {
            let name = article.dropFirst(Self.catalog.count + 1).dropLast(".md".count)
            #expect(index.contains("<doc:\(name)>"), "\(name)")
        }
    }
}
