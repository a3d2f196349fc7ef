/// A search filter, built from parts and never from glued text.
///
/// Values are bytes and are escaped when the filter is written down (RFC 4515), so no value can change the structure.
/// There is deliberately no way to interpolate text into a filter; ``Template`` fills the gaps of a configured one.
public indirect enum LDAPFilter: Sendable, Hashable {
    /// All of the parts; none at all is always true (RFC 4526).
    case and([LDAPFilter])
    /// One of the parts; none at all is always false (RFC 4526).
    case or([LDAPFilter])
    /// Not the part.
    case not(LDAPFilter)
    /// The attribute has a value at all.
    case present(LDAPAttributeName)
    /// The attribute has the value, by its own matching rule.
    case equal(LDAPAttributeName, value: [UInt8])
    /// The attribute has a value with these pieces in this order; the first and the last piece are tied to the ends.
    case substrings(LDAPAttributeName, initial: [UInt8]?, any: [[UInt8]], final: [UInt8]?)
    /// The attribute has a value that is not smaller.
    case greaterOrEqual(LDAPAttributeName, value: [UInt8])
    /// The attribute has a value that is not greater.
    case lessOrEqual(LDAPAttributeName, value: [UInt8])
    /// The attribute has a value that sounds like this.
    case approximate(LDAPAttributeName, value: [UInt8])
    /// The value matches by a named rule, perhaps also in the parts of the entry's name.
    case extensible(attribute: LDAPAttributeName?, rule: LDAPAttributeName?, inName: Bool, value: [UInt8])

    /// The attribute has the text as a value.
    /// - Parameters:
    ///   - attribute: The attribute.
    ///   - text: The value, taken as it is: no character has a meaning.
    /// - Returns: The filter.
    public static func equal(_ attribute: LDAPAttributeName, _ text: String) -> LDAPFilter {
        .equal(attribute, value: Array(text.utf8))
    }

    /// The attribute names the entry of the given name.
    /// - Parameters:
    ///   - attribute: An attribute whose values are names, such as `member`.
    ///   - name: The name.
    /// - Returns: The filter.
    public static func equal(_ attribute: LDAPAttributeName, _ name: DistinguishedName) -> LDAPFilter {
        .equal(attribute, value: Array(name.description.utf8))
    }
}

extension LDAPFilter: CustomStringConvertible {
    /// The filter in the string form of RFC 4515, as it is handed to the C library.
    public var description: String {
        String(decoding: encoded, as: UTF8.self)
    }

    /// The bytes of the description.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(into: &bytes)
        return bytes
    }

    private func write(into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "("))
        switch self {
        case .and(let parts): LDAPFilter.write("&", parts, into: &bytes)
        case .or(let parts): LDAPFilter.write("|", parts, into: &bytes)
        case .not(let part): LDAPFilter.write("!", [part], into: &bytes)
        case .present(let attribute):
            bytes += attribute.text.utf8
            bytes += "=*".utf8
        case .equal(let attribute, let value): LDAPFilter.write(attribute.text, "=", value, into: &bytes)
        case .greaterOrEqual(let attribute, let value): LDAPFilter.write(attribute.text, ">=", value, into: &bytes)
        case .lessOrEqual(let attribute, let value): LDAPFilter.write(attribute.text, "<=", value, into: &bytes)
        case .approximate(let attribute, let value): LDAPFilter.write(attribute.text, "~=", value, into: &bytes)
        case .substrings(let attribute, let initial, let any, let final):
            LDAPFilter.write(attribute.text, "=", initial ?? [], into: &bytes)
            bytes.append(UInt8(ascii: "*"))
            for piece in any {
                LDAPFilter.write("", "", piece, into: &bytes)
                bytes.append(UInt8(ascii: "*"))
            }
            LDAPFilter.write("", "", final ?? [], into: &bytes)
        case .extensible(let attribute, let rule, let inName, let value):
            let head = (attribute?.text ?? "") + (inName ? ":dn" : "") + (rule.map { ":\($0.text)" } ?? "")
            LDAPFilter.write(head, ":=", value, into: &bytes)
        }
        bytes.append(UInt8(ascii: ")"))
    }

    private static func write(_ sign: String, _ parts: [LDAPFilter], into bytes: inout [UInt8]) {
        bytes += sign.utf8
        for part in parts {
            part.write(into: &bytes)
        }
    }

    /// Writes a comparison; everything but plain text without a meaning becomes `\` and two hexadecimal digits.
    private static func write(_ head: String, _ sign: String, _ value: [UInt8], into bytes: inout [UInt8]) {
        bytes += head.utf8
        bytes += sign.utf8
        guard value.contains(where: mustBeEscaped) else {
            bytes += value
            return
        }
        for byte in value {
            if mustBeEscaped(byte) {
                bytes.append(UInt8(ascii: "\\"))
                bytes += ASCII.hexPair(byte)
            } else {
                bytes.append(byte)
            }
        }
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, 0x7F..., UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"): true
        default: false
        }
    }
}

extension LDAPFilter {
    /// Reads a filter in the string form of RFC 4515.
    ///
    /// The reading is strict: every part is in parentheses, nothing stands outside them, and the characters with a
    /// meaning are escaped inside values.
    ///
    /// - Parameter text: The filter.
    /// - Throws: ``LDAPSyntaxError`` saying what is wrong and where.
    public init(parsing text: String) throws(LDAPSyntaxError) {
        var parser = FilterParser(text, placeholders: false)
        self = try parser.parse().filter { _ throws(LDAPSyntaxError) in [] }
    }
}
