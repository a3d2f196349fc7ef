/// Refuses dotted keys of more parts than `TOMLReader.maximumDepth`.
///
/// Each part is a level of toml++'s tree, which it destroys by recursion: a megabyte of `a.a.a.…` would overflow the
/// stack. This follows the text only as far as needed to tell dots in keys from dots in strings and comments; a value
/// outside a string has at most one. Up to the first error in the text it sees what toml++ sees, and toml++ stops there.
struct TOMLKeyLengths {
    private let bytes: [UInt8]
    private var index = 0
    private var dots = 0

    static func check(_ bytes: [UInt8]) throws(TOMLError) {
        var scanner = TOMLKeyLengths(bytes: bytes)
        try scanner.scan()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func scan() throws(TOMLError) {
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "."):
                dots += 1
                if dots >= TOMLReader.maximumDepth {
                    let message = "a dotted key of more than \(TOMLReader.maximumDepth) parts"
                    throw TOMLScreening.error(at: index, of: bytes, message)
                }
                index += 1
            case UInt8(ascii: "#"):
                skipComment()
            case UInt8(ascii: "\""):
                skipString(delimiter: UInt8(ascii: "\""), escapes: true)
            case UInt8(ascii: "'"):
                skipString(delimiter: UInt8(ascii: "'"), escapes: false)
            case UInt8(ascii: "\n"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "{"), UInt8(ascii: "}"):
                dots = 0
                index += 1
            default:
                index += 1
            }
        }
    }

    private mutating func skipComment() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    }

    private mutating func skipString(delimiter: UInt8, escapes: Bool) {
        let isMultiLine = bytes[index...].starts(with: [delimiter, delimiter, delimiter])
        index += isMultiLine ? 3 : 1
        while index < bytes.count {
            if escapes && bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if !isMultiLine && (bytes[index] == delimiter || bytes[index] == UInt8(ascii: "\n")) {
                index += 1
                return
            } else if isMultiLine && bytes[index...].starts(with: [delimiter, delimiter, delimiter]) {
                index += 3
                // Up to two more delimiters belong to the string: `""""a"""""`.
                for _ in 0..<2 where index < bytes.count && bytes[index] == delimiter { index += 1 }
                return
            } else {
                index += 1
            }
        }
    }
}
