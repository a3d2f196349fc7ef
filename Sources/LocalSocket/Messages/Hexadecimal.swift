internal import HostSystem

/// Secrets as digits, which need no escape in JSON and can carry every byte.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The two digits of a byte.
    static func digits(of byte: UInt8) -> (UInt8, UInt8) {
        (digits[Int(byte >> 4)], digits[Int(byte & 15)])
    }

    /// Turns digits back into bytes.
    static func decode(_ text: SecretBytes) throws(WireProblem) -> SecretBytes {
        guard text.count.isMultiple(of: 2) else { throw WireProblem("hexadecimal digits come in pairs") }
        return try SecretBytes(capacity: text.count / 2) { (output) throws(WireProblem) in
            for position in stride(from: 0, to: text.count, by: 2) {
                guard let high = value(of: text[position]), let low = value(of: text[position + 1]) else {
                    throw WireProblem("a digit is not hexadecimal")
                }
                output.append(high << 4 | low)
            }
        }
    }
}
