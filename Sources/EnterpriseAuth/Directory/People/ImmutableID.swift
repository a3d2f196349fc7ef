extension DirectoryConfiguration.Users.IDFormat {
    /// The text that stands for an id.
    /// - Parameter value: The attribute's value.
    /// - Returns: The text, or nil if the value has not this format.
    func text(_ value: [UInt8]) -> String? {
        switch self {
        case .text:
            return String(validating: value, as: UTF8.self)
        case .guid:
            guard value.count == 16 else { return nil }
            let hex = Self.guidOrder.map { place in place.map { Self.hexPair(value[$0]) }.joined() }
            return hex.joined(separator: "-")
        }
    }

    /// The attribute's value behind a text.
    /// - Parameter text: What `text` once returned.
    /// - Returns: The value to search for, or nil if the text has not this format.
    func value(_ text: String) -> [UInt8]? {
        switch self {
        case .text:
            return text.isEmpty ? nil : Array(text.utf8)
        case .guid:
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.map(\.utf8.count) == Self.guidOrder.map({ $0.count * 2 }) else { return nil }
            let digits = parts.joined().utf8.map { UInt8($0) }
            var value = [UInt8](repeating: 0, count: 16)
            for (position, place) in Self.guidOrder.joined().enumerated() {
                let pair = String(decoding: digits[(position * 2)..<(position * 2 + 2)], as: UTF8.self)
                guard !pair.hasPrefix("+"), !pair.hasPrefix("-"), let byte = UInt8(pair, radix: 16) else { return nil }
                value[place] = byte
            }
            return value
        }
    }

    /// Where the bytes of `objectGUID` stand in the written form: the first three parts are little-endian ([MS-DTYP]
    /// section 2.3.4.2).
    private static let guidOrder = [[3, 2, 1, 0], [5, 4], [7, 6], [8, 9], [10, 11, 12, 13, 14, 15]]

    private static func hexPair(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0\(digits)" : digits
    }
}
