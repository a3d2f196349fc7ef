/// Refuses what toml++ must not see: it would end the text at a NUL, skip byte order marks, and walk dotted keys of any
/// length by recursion.
enum TOMLScreening {
    static func check(_ bytes: [UInt8]) throws(TOMLError) {
        guard bytes.count <= TOMLReader.maximumSize else {
            throw TOMLError(
                position: TOMLPosition(line: 1, column: 1),
                message: "the text has more than \(TOMLReader.maximumSize) bytes"
            )
        }
        try checkByteOrderMarks(bytes)
        if let offset = bytes.firstIndex(of: 0) {
            throw error(at: offset, of: bytes, "a NUL byte; TOML is plain text (in a string write \\u0000)")
        }
        try checkUTF8(bytes)
        try TOMLKeyLengths.check(bytes)
    }

    private static func checkByteOrderMarks(_ bytes: [UInt8]) throws(TOMLError) {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw error(at: 0, of: bytes, "the text is UTF-16; save it as UTF-8")
        }
        for offset in bytes.indices where bytes[offset] == 0xef && bytes[offset...].starts(with: [0xef, 0xbb, 0xbf]) {
            throw error(at: offset, of: bytes, "a byte order mark (U+FEFF); save the text as UTF-8 without one")
        }
    }

    private static func checkUTF8(_ bytes: [UInt8]) throws(TOMLError) {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw TOMLScreening.error(at: error.byteOffsets.lowerBound, of: bytes, "not UTF-8")
        }
    }

    static func error(at offset: Int, of bytes: [UInt8], _ message: String) -> TOMLError {
        let before = bytes[..<offset]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // A column is a scalar: continuation bytes do not count.
        let column = before[start...].count { $0 & 0xc0 != 0x80 } + 1
        return TOMLError(position: TOMLPosition(line: line, column: column), message: message)
    }
}
