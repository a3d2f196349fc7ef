/// Reads the string form of a name (RFC 4514), with or without `{name}` gaps inside values.
///
/// Of the older forms (RFC 2253, section 4) spaces around separators and quoted values are understood; a semicolon as
/// a separator is not.
struct NameParser {
    struct Part {
        let type: LDAPAttributeName
        var pieces: [TemplatePiece]
        /// The value was written `#…` and its encoding holds no text.
        var isEncoded = false
    }

    private let bytes: [UInt8]
    private let placeholders: Bool
    private var position = 0

    init(_ text: String, placeholders: Bool) {
        bytes = Array(text.utf8)
        self.placeholders = placeholders
    }

    mutating func parse() throws(LDAPSyntaxError) -> [[Part]] {
        skipSpaces()
        guard position < bytes.count else { return [] }
        var steps: [[Part]] = [[try part()]]
        while let separator = peek {
            position += 1
            switch separator {
            case UInt8(ascii: ","): steps.append([try part()])
            case UInt8(ascii: "+"): steps[steps.count - 1].append(try part())
            default: throw fault("here a comma or a plus sign is expected", at: position - 1)
            }
        }
        return steps
    }

    private mutating func part() throws(LDAPSyntaxError) -> Part {
        skipSpaces()
        let start = position
        while let byte = peek, ASCII.isNameByte(byte) || byte == UInt8(ascii: ".") {
            position += 1
        }
        let type: LDAPAttributeName
        do {
            type = try LDAPAttributeName(parsing: String(decoding: bytes[start..<position], as: UTF8.self))
        } catch {
            throw fault("an attribute is expected here; \(error.message)", at: start)
        }
        skipSpaces()
        guard peek == UInt8(ascii: "=") else { throw fault("after the attribute there must be =") }
        position += 1
        skipSpaces()
        switch peek {
        case UInt8(ascii: "#"): return try encoded(type)
        case UInt8(ascii: "\""): return Part(type: type, pieces: try quoted())
        default: return Part(type: type, pieces: try value())
        }
    }

    private mutating func value() throws(LDAPSyntaxError) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        var plain: [UInt8] = []
        // Unescaped spaces at the end are not part of the value; this is how much of `plain` certainly is.
        var kept = 0
        while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "+") {
            switch byte {
            case UInt8(ascii: "\\"):
                plain.append(try escape())
                kept = plain.count
            case UInt8(ascii: "{") where placeholders:
                if !plain.isEmpty { pieces.append(.bytes(plain)) }
                (plain, kept) = ([], 0)
                pieces.append(.placeholder(try TemplatePiece.name(in: bytes, at: &position)))
            case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ";"), 0:
                throw fault("this character must be escaped with \\ in a value")
            default:
                plain.append(byte)
                if byte != UInt8(ascii: " ") { kept = plain.count }
                position += 1
            }
        }
        let rest = Array(plain[..<kept])
        return rest.isEmpty ? pieces : pieces + [.bytes(rest)]
    }

    private mutating func quoted() throws(LDAPSyntaxError) -> [TemplatePiece] {
        let start = position
        var plain: [UInt8] = []
        position += 1
        while let byte = peek, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                plain.append(try escape())
            } else {
                plain.append(byte)
                position += 1
            }
        }
        guard peek != nil else { throw fault("the quoted value is not closed", at: start) }
        position += 1
        skipSpaces()
        return plain.isEmpty ? [] : [.bytes(plain)]
    }

    private mutating func encoded(_ type: LDAPAttributeName) throws(LDAPSyntaxError) -> Part {
        let start = position
        var encoding: [UInt8] = []
        position += 1
        while let high = peek.flatMap(ASCII.hexValue) {
            guard position + 1 < bytes.count, let low = ASCII.hexValue(bytes[position + 1]) else {
                throw fault("hexadecimal digits come in pairs")
            }
            encoding.append(high << 4 | low)
            position += 2
        }
        guard !encoding.isEmpty else { throw fault("after # there must be hexadecimal digits", at: start) }
        skipSpaces()
        guard let text = NameParser.text(inside: encoding) else {
            return Part(type: type, pieces: [.bytes(encoding)], isEncoded: true)
        }
        return Part(type: type, pieces: text.isEmpty ? [] : [.bytes(text)])
    }

    /// The content of a BER value that is an octet string or a text of one byte per character or UTF-8.
    private static func text(inside encoding: [UInt8]) -> [UInt8]? {
        let textTags: [UInt8] = [0x04, 0x0C, 0x13, 0x16]
        guard encoding.count >= 2, textTags.contains(encoding[0]) else { return nil }
        if encoding[1] < 0x80 {
            return encoding.count == 2 + Int(encoding[1]) ? Array(encoding[2...]) : nil
        }
        guard encoding[1] == 0x81, encoding.count >= 3, encoding.count == 3 + Int(encoding[2]) else { return nil }
        return Array(encoding[3...])
    }

    private mutating func escape() throws(LDAPSyntaxError) -> UInt8 {
        guard position + 1 < bytes.count else { throw fault("it ends after a backslash") }
        let first = bytes[position + 1]
        if " \"#+,;<=>\\".utf8.contains(first) {
            position += 2
            return first
        }
        guard position + 2 < bytes.count, let high = ASCII.hexValue(first),
            let low = ASCII.hexValue(bytes[position + 2])
        else {
            throw fault("after \\ there must be a special character or two hexadecimal digits")
        }
        position += 3
        return high << 4 | low
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpaces() {
        while peek == UInt8(ascii: " ") {
            position += 1
        }
    }

    private func fault(_ message: String, at offset: Int? = nil) -> LDAPSyntaxError {
        LDAPSyntaxError(.distinguishedName, message, at: offset ?? position)
    }
}

extension DistinguishedName {
    /// Reads a name in the string form of RFC 4514; the empty text is the root.
    /// - Parameter text: The name.
    /// - Throws: ``LDAPSyntaxError`` saying what is wrong and where.
    public init(parsing text: String) throws(LDAPSyntaxError) {
        var parser = NameParser(text, placeholders: false)
        let steps = try parser.parse()
        self.init(
            rdns: steps.map { step in
                step.map { part in
                    var value: [UInt8] = []
                    if case .bytes(let bytes) = part.pieces.first { value = bytes }
                    return Attribute(type: part.type, value: value, isEncoded: part.isEncoded)
                }
            }
        )
    }
}
