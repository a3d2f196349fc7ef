package import HTTPTypes

/// Reads cookies of one name out of a request, without any exception and without believing in anything but exact bytes.
///
/// Two cookies of one name mean that somebody else could plant one (another path, another subdomain, RFC 6265bis section
/// 5.8.3 does not say which comes first): then neither counts.
package enum RequestCookies {
    /// What a request holds under a name.
    package enum Finding: Sendable, Equatable {
        case none
        case one(String)
        case ambiguous
    }

    /// Looks for a cookie.
    /// - Parameters:
    ///   - name: The name, compared byte by byte.
    ///   - headers: The request's header.
    /// - Returns: What is there; a pair without `=` or with spaces in its name is no cookie of ours.
    package static func find(_ name: String, in headers: HTTPFields) -> Finding {
        var found = Finding.none
        for line in headers[values: .cookie] {
            for pair in line.utf8.split(separator: UInt8(ascii: ";")) {
                guard let value = value(of: name, in: pair) else { continue }
                guard found == .none else { return .ambiguous }
                found = .one(value)
            }
        }
        return found
    }

    private static func value(of name: String, in pair: Substring.UTF8View) -> String? {
        let pair = trimmed(pair)
        guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
            trimmed(pair[..<equals]).elementsEqual(name.utf8)
        else { return nil }
        return String(Substring(trimmed(pair[pair.index(after: equals)...])))
    }

    /// Without spaces and tabs on either side, which user agents drop too (RFC 6265bis section 5.6).
    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, isSpace(first) { text = text.dropFirst() }
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
