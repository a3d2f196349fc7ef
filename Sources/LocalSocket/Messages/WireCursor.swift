internal import HostSystem

/// Walks over the text of a message.
struct WireCursor {
    /// The most members that an object may have.
    static let memberLimit = 32
    /// The most elements that a list of texts may have.
    static let listLimit = 1024
    /// How deep values may lie in values.
    private static let depthLimit = 16

    private let frame: SecretBytes
    private(set) var position = 0

    init(_ frame: SecretBytes) {
        self.frame = frame
    }

    var isAtEnd: Bool { position == frame.count }

    /// The byte here.
    private func peek() throws(WireProblem) -> UInt8 {
        guard position < frame.count else { throw WireProblem("it is not complete") }
        return frame[position]
    }

    private mutating func next() throws(WireProblem) -> UInt8 {
        let byte = try peek()
        position += 1
        return byte
    }

    /// Goes on to the next byte that is no white space.
    mutating func skipSpace() throws(WireProblem) {
        while position < frame.count, [0x20, 0x09, 0x0A, 0x0D].contains(frame[position]) { position += 1 }
    }

    mutating func take(_ byte: UInt8) throws(WireProblem) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(WireProblem) {
        guard try take(byte) else { throw WireProblem("it is no JSON object") }
    }

    /// Reads a value.
    mutating func value() throws(WireProblem) -> WireObject.Value {
        switch try peek() {
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "{"):
            try skip()
            return .other
        default: return try word()
        }
    }

    /// Reads a text and takes its escapes out (RFC 8259 section 7), in memory that is wiped.
    mutating func text() throws(WireProblem) -> SecretBytes {
        try expect(UInt8(ascii: "\""))
        let start = position
        while true {
            let byte = try next()
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw WireProblem("a text has a control character") }
            if byte == UInt8(ascii: "\\") { _ = try next() }
        }
        let end = position - 1
        position = start
        let text = try SecretBytes(capacity: end - start) { (output) throws(WireProblem) in
            while position < end {
                let byte = try next()
                guard byte == UInt8(ascii: "\\") else {
                    output.append(byte)
                    continue
                }
                for byte in UTF8.encode(try escaped()) ?? UTF8.EncodedScalar() { output.append(byte) }
            }
        }
        position = end + 1
        return text
    }

    /// What an escape stands for; it is never shorter than that.
    private mutating func escaped() throws(WireProblem) -> Unicode.Scalar {
        switch try next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default: throw WireProblem("a text has an unknown escape")
        }
    }

    private mutating func scalar() throws(WireProblem) -> Unicode.Scalar {
        var code = try unit()
        if 0xD800..<0xDC00 ~= code {
            guard try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else {
                throw WireProblem("a text has half a character")
            }
            let low = try unit()
            guard 0xDC00..<0xE000 ~= low else { throw WireProblem("a text has half a character") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw WireProblem("a text has half a character") }
        return scalar
    }

    private mutating func unit() throws(WireProblem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(of: try next()) else {
                throw WireProblem("a text has an unknown escape")
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Reads a list of texts; another list is left alone.
    private mutating func list() throws(WireProblem) -> WireObject.Value {
        let start = position
        try expect(UInt8(ascii: "["))
        try skipSpace()
        var texts: [SecretBytes] = []
        while try !take(UInt8(ascii: "]")) {
            if !texts.isEmpty {
                try expect(UInt8(ascii: ","))
                try skipSpace()
            }
            guard try peek() == UInt8(ascii: "\""), texts.count < Self.listLimit else {
                position = start
                try skip()
                return .other
            }
            texts.append(try text())
            try skipSpace()
        }
        return .texts(texts)
    }

    /// Reads `true`, `false`, `null` or a whole number of a few digits.
    private mutating func word() throws(WireProblem) -> WireObject.Value {
        var word: [UInt8] = []
        while position < frame.count, !Self.isDelimiter(frame[position]) {
            word.append(frame[position])
            position += 1
            guard word.count <= 32 else { throw WireProblem("a value is none of JSON's") }
        }
        switch String(decoding: word, as: UTF8.self) {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "null": return .null
        case let text:
            if let number = Int32(text) { return .number(Int(number)) }
            guard Double(text) != nil else { throw WireProblem("a value is none of JSON's") }
            return .other
        }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D].contains(byte)
    }

    /// Goes behind a list or an object.
    private mutating func skip() throws(WireProblem) {
        var depth = 0
        repeat {
            switch try peek() {
            case UInt8(ascii: "\""):
                _ = try text()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            guard depth <= Self.depthLimit else { throw WireProblem("values lie too deep in values") }
            position += 1
        } while depth > 0
    }
}
