import TOMLReader
import Testing

@Suite("TOMLReader")
struct TOMLReaderTests {
    private let sample = """
        # a comment
        a.b.c = 1
        "q k" = "x\\u0000y"
        [t.u]
        v = [1, {w = true}]
        [[list]]
        d = 1979-05-27T07:32:00Z
        [[list]]
        [t.u.inner]
        "é" = 'é'
        f = -1.5e3
        """

    @Test("knows where every key and value stands, in dotted keys, headers, lists and inline tables")
    func positions() throws {
        #expect(
            try outline(read(sample)) == [
                "a 2:1-2:2 table 2:1-2:2",
                "a.b 2:3-2:4 table 2:3-2:4",
                "a.b.c 2:5-2:6 integer 2:9-2:10",
                "q k 3:1-3:6 string 3:9-3:19",
                "t 4:2-4:3 table 4:1-4:6",
                "t.u 4:4-4:5 table 4:1-4:6",
                "t.u.v 5:1-5:2 array 5:5-5:20",
                "t.u.v[0] integer 5:6-5:7",
                "t.u.v[1] table 5:9-5:19",
                "t.u.v[1].w 5:10-5:11 boolean 5:14-5:18",
                "t.u.inner 9:6-9:11 table 9:1-9:12",
                "t.u.inner.é 10:1-10:4 string 10:7-10:10",
                "t.u.inner.f 11:1-11:2 float 11:5-11:11",
                "list 6:3-6:7 array 6:1-8:9",
                "list[0] table 6:1-6:9",
                "list[0].d 7:1-7:2 date-time 7:5-7:25",
                "list[1] table 8:1-8:9",
            ]
        )
    }

    @Test("keeps a NUL that was written as an escape")
    func nulEscape() throws {
        #expect(try read(sample).entry("q k")?.node.value == .string("x\0y"))
        #expect(try read("\"a\\u0000b\" = 1").entries.map(\.key) == ["a\0b"])
    }

    @Test("gives dates and numbers as they are meant")
    func scalars() throws {
        let table = try read("d = 1979-05-27\nt = 07:32:00\ni = 0xff\nf = inf\nb = false\nm = \"\"\"\na\\\n  b\"\"\"")
        #expect(table.entry("d")?.node.value == .dateTime("1979-05-27"))
        #expect(table.entry("t")?.node.value == .dateTime("07:32:00"))
        #expect(table.entry("i")?.node.value == .integer(255))
        #expect(table.entry("f")?.node.value == .float(.infinity))
        #expect(table.entry("b")?.node.value == .boolean(false))
        #expect(table.entry("m")?.node.value == .string("ab"))
    }

    @Test("takes two spellings of one letter for two keys, and an empty text for an empty table")
    func keysAreBytes() throws {
        let table = try read("\"\u{e9}\" = 1\n\"e\u{301}\" = 2")
        #expect(table.entry("\u{e9}")?.node.value == .integer(1))
        #expect(table.entry("e\u{301}")?.node.value == .integer(2))
        #expect(try read("").entries.isEmpty)
    }

    private func read(_ text: String) throws(TOMLError) -> TOMLTable {
        try TOMLReader.read(Array(text.utf8))
    }

    private func outline(_ table: TOMLTable, below path: String = "") -> [String] {
        table.entries.flatMap { entry in
            let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            return outline(entry.node, name: name, label: "\(name) \(entry.keySpan.start)-\(entry.keySpan.end)")
        }
    }

    private func outline(_ node: TOMLNode, name: String, label: String) -> [String] {
        let line = "\(label) \(node.typeName) \(node.span.start)-\(node.span.end)"
        switch node.value {
        case .table(let table):
            return [line] + outline(table, below: name)
        case .array(let nodes):
            let children = nodes.enumerated().flatMap { index, child in
                outline(child, name: "\(name)[\(index)]", label: "\(name)[\(index)]")
            }
            return [line] + children
        default:
            return [line]
        }
    }
}
