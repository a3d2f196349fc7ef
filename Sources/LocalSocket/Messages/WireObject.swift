internal import HostSystem

/// One JSON object (RFC 8259), read without a copy of its texts that stays in memory.
///
/// Only what our messages hold is understood: texts, numbers, truth values and lists of texts. Values inside values are
/// found and left alone. Nothing is believed: not a length, not a depth, not a number.
struct WireObject {
    /// A value of the object.
    enum Value {
        case text(SecretBytes)
        case texts([SecretBytes])
        case flag(Bool)
        case number(Int)
        case null
        /// Something else.
        case other
    }

    private(set) var values: [String: Value] = [:]
    /// Where each member stands, from its key on.
    private var places: [(key: String, range: Range<Int>)] = []
    private let frame: SecretBytes

    /// Reads a message.
    /// - Parameter frame: The message, all of it.
    /// - Throws: ``WireProblem`` if it is no such object.
    init(_ frame: SecretBytes) throws(WireProblem) {
        self.frame = frame
        var cursor = WireCursor(frame)
        try cursor.skipSpace()
        try cursor.expect(UInt8(ascii: "{"))
        try cursor.skipSpace()
        var isFirst = true
        while try !cursor.take(UInt8(ascii: "}")) {
            if !isFirst { try cursor.expect(UInt8(ascii: ",")) }
            isFirst = false
            try cursor.skipSpace()
            let start = cursor.position
            guard let key = try cursor.text().text else { throw WireProblem("a key is not UTF-8") }
            try cursor.skipSpace()
            try cursor.expect(UInt8(ascii: ":"))
            try cursor.skipSpace()
            let value = try cursor.value()
            guard values.updateValue(value, forKey: key) == nil else { throw WireProblem("a key comes twice") }
            guard values.count <= WireCursor.memberLimit else { throw WireProblem("there are too many keys") }
            places.append((key, start..<cursor.position))
            try cursor.skipSpace()
        }
        try cursor.skipSpace()
        guard cursor.isAtEnd else { throw WireProblem("something follows the object") }
    }

    /// The object's own text without some of its members.
    /// - Parameter keys: The members to leave out.
    /// - Returns: The text.
    func bytes(without keys: Set<String>) -> [UInt8] {
        var bytes = [UInt8(ascii: "{")]
        for place in places where !keys.contains(place.key) {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            for position in place.range { bytes.append(frame[position]) }
        }
        return bytes + [UInt8(ascii: "}")]
    }
}
