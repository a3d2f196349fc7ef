/// Reads the string form of a filter (RFC 4515), with or without `{name}` gaps inside values.
struct FilterParser {
    /// Deeper nesting than this is a mistake, and would also nest the C library's reader.
    private static let depthLimit = 50

    private let bytes: [UInt8]
    private let placeholders: Bool
    private var position = 0
    private var depth = 0

    init(_ text: String, placeholders: Bool) {
        bytes = Array(text.utf8)
        self.placeholders = placeholders
    }

    mutating func parse() throws(LDAPSyntaxError) -> FilterTree {
        let tree = try filter()
        guard position == bytes.count else {
            throw fault("after the closing parenthesis of the filter there must be nothing")
        }
        return tree
    }

    private mutating func filter() throws(LDAPSyntaxError) -> FilterTree {
        guard depth < FilterParser.depthLimit else {
            throw fault("it is nested deeper than \(FilterParser.depthLimit) levels")
        }
        depth += 1
        defer { depth -= 1 }
        try expect("(")
        let tree: FilterTree
        switch peek {
        case UInt8(ascii: "&"):
            position += 1
            tree = .and(try list())
        case UInt8(ascii: "|"):
            position += 1
            tree = .or(try list())
        case UInt8(ascii: "!"):
            position += 1
            tree = .not(try filter())
        default:
            tree = try item()
        }
        try expect(")")
        return tree
    }

    private mutating func list() throws(LDAPSyntaxError) -> [FilterTree] {
        var parts: [FilterTree] = []
        while peek == UInt8(ascii: "(") {
            parts.append(try filter())
        }
        return parts
    }

    private mutating func item() throws(LDAPSyntaxError) -> FilterTree {
        let start = position
        while let byte = peek, ASCII.isNameByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ";") {
            position += 1
        }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        if peek == UInt8(ascii: ":") { return try extensible(name, at: start) }
        let attribute = try attributeName(name, at: start)
        switch (peek, next) {
        case (UInt8(ascii: "="), _):
            position += 1
            return try equality(attribute)
        case (UInt8(ascii: "~"), UInt8(ascii: "=")):
            return try comparison(attribute, .approximate)
        case (UInt8(ascii: ">"), UInt8(ascii: "=")):
            return try comparison(attribute, .greaterOrEqual)
        case (UInt8(ascii: "<"), UInt8(ascii: "=")):
            return try comparison(attribute, .lessOrEqual)
        default:
            throw fault("after the attribute there must be =, ~=, >=, <= or :=")
        }
    }

    private mutating func comparison(
        _ attribute: LDAPAttributeName,
        _ comparison: FilterTree.Comparison
    ) throws(LDAPSyntaxError) -> FilterTree {
        position += 2
        return .compare(attribute, comparison, try value())
    }

    /// `=` begins an equality, a presence (`=*`) or a substring match, depending on the stars.
    private mutating func equality(_ attribute: LDAPAttributeName) throws(LDAPSyntaxError) -> FilterTree {
        var parts = [try value()]
        while peek == UInt8(ascii: "*") {
            let star = position
            position += 1
            if parts.count > 1, parts.last?.isEmpty == true {
                throw fault("two stars must not stand side by side", at: star)
            }
            parts.append(try value())
        }
        if parts.count == 1 { return .compare(attribute, .equal, parts[0]) }
        if parts.count == 2, parts[0].isEmpty, parts[1].isEmpty { return .present(attribute) }
        return .substrings(attribute, parts)
    }

    /// `attribute:dn:rule:=value`, where attribute or rule may be missing but not both (RFC 4515, section 3).
    private mutating func extensible(_ name: String, at start: Int) throws(LDAPSyntaxError) -> FilterTree {
        let attribute = name.isEmpty ? nil : try attributeName(name, at: start)
        var inName = false
        var rule: LDAPAttributeName?
        while peek == UInt8(ascii: ":"), next != UInt8(ascii: "=") {
            position += 1
            let begin = position
            while let byte = peek, ASCII.isNameByte(byte) || byte == UInt8(ascii: ".") {
                position += 1
            }
            let word = String(decoding: bytes[begin..<position], as: UTF8.self)
            if word.lowercased() == "dn", !inName, rule == nil {
                inName = true
            } else if rule == nil {
                rule = try attributeName(word, at: begin)
            } else {
                throw fault("an extensible match has one rule only", at: begin)
            }
        }
        guard peek == UInt8(ascii: ":"), attribute != nil || rule != nil else {
            throw fault("an extensible match is attribute:dn:rule:=value with an attribute or a rule", at: start)
        }
        position += 1
        try expect("=")
        return .extensible(attribute, rule, inName: inName, try value())
    }

    private mutating func value() throws(LDAPSyntaxError) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        var plain: [UInt8] = []
        func flushed() -> [TemplatePiece] {
            plain.isEmpty ? pieces : pieces + [.bytes(plain)]
        }
        while let byte = peek {
            switch byte {
            case UInt8(ascii: ")"), UInt8(ascii: "*"):
                return flushed()
            case UInt8(ascii: "("):
                throw fault("a parenthesis inside a value is written \\28")
            case 0:
                throw fault("a NUL inside a value is written \\00")
            case UInt8(ascii: "\\"):
                plain.append(try escape())
            case UInt8(ascii: "{") where placeholders:
                pieces = flushed()
                plain = []
                pieces.append(.placeholder(try TemplatePiece.name(in: bytes, at: &position)))
            default:
                plain.append(byte)
                position += 1
            }
        }
        return flushed()
    }

    private mutating func escape() throws(LDAPSyntaxError) -> UInt8 {
        guard position + 2 < bytes.count,
            let high = ASCII.hexValue(bytes[position + 1]),
            let low = ASCII.hexValue(bytes[position + 2])
        else {
            throw fault("after \\ there must be two hexadecimal digits; the backslash itself is written \\5c")
        }
        position += 3
        return high << 4 | low
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    private mutating func expect(_ character: Unicode.Scalar) throws(LDAPSyntaxError) {
        guard peek == UInt8(ascii: character) else {
            throw fault(
                position < bytes.count ? "here “\(character)” is expected" : "it ends where “\(character)” is missing"
            )
        }
        position += 1
    }

    private func attributeName(_ text: String, at offset: Int) throws(LDAPSyntaxError) -> LDAPAttributeName {
        do {
            return try LDAPAttributeName(parsing: text)
        } catch {
            throw fault("an attribute is expected here; \(error.message)", at: offset)
        }
    }

    private func fault(_ message: String, at offset: Int? = nil) -> LDAPSyntaxError {
        LDAPSyntaxError(.filter, message, at: offset ?? position)
    }
}

extension TemplatePiece {
    /// Reads `{name}`; the name is made of lower-case letters and underscores.
    static func name(in bytes: [UInt8], at position: inout Int) throws(LDAPSyntaxError) -> String {
        let start = position
        guard let close = bytes[start...].firstIndex(of: UInt8(ascii: "}")), close > start + 1,
            bytes[(start + 1)..<close].allSatisfy({ byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
            })
        else {
            throw LDAPSyntaxError(
                .template,
                "a placeholder is written {name} in small letters; a brace itself is written \\7b",
                at: start
            )
        }
        position = close + 1
        return String(decoding: bytes[(start + 1)..<close], as: UTF8.self)
    }
}
