internal import HostCrypto

/// Percent encoding (RFC 3986 section 2.1), no more of it than redirects need.
package enum PercentCoding {
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// A text as the value of a query parameter: everything but unreserved characters is encoded.
    package static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that an encoded text stands for; nil where a percent sign is not followed by two digits.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(Hexadecimal.value), let low = rest.next().flatMap(Hexadecimal.value)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// A field of a form or a query: a plus sign stands for a space there; nil for what is not UTF-8.
    static func formText(_ text: some Sequence<UInt8>) -> String? {
        formBytes(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The bytes of such a field.
    static func formBytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
        decoded(text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }
}
