internal import HostCrypto

/// The path of a request as rules compare it: decoded once; or the reason why programs may read it differently.
///
/// A rule about paths is only worth something if proxy, portal and application take a path for the same. What one of
/// them could unfold further (escaped slashes and dots, double escapes, backslashes, empty and dot segments, parameters
/// behind a semicolon, bytes that are no UTF-8) is ambiguous and matches no rule (RFC 3986, sections 2.4 and 6.2.2).
enum RequestPath: Sendable, Equatable {
    /// The decoded bytes.
    case plain([UInt8])
    /// Why it cannot be compared.
    case ambiguous(String)

    /// Reads the target of a request.
    /// - Parameter target: Path and query as they came; the query is left aside.
    init(target: String) {
        var decoded: [UInt8] = []
        var rest = target.utf8.prefix { $0 != UInt8(ascii: "?") }[...]
        guard rest.first == UInt8(ascii: "/") else {
            self = .ambiguous("it does not begin with a slash")
            return
        }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hexadecimal.value),
                let low = rest.popFirst().flatMap(Hexadecimal.value)
            else {
                self = .ambiguous("it has a percent sign without two hexadecimal digits")
                return
            }
            let value = high << 4 | low
            if value == UInt8(ascii: "/") || value == UInt8(ascii: "%") || value == UInt8(ascii: "?") {
                self = .ambiguous("it has an escaped slash, percent sign or question mark")
                return
            }
            decoded.append(value)
        }
        self = Self.reason(against: decoded).map(RequestPath.ambiguous) ?? .plain(decoded)
    }

    private static func reason(against path: [UInt8]) -> String? {
        for byte in path {
            switch byte {
            case 0..<0x20, 0x7f: return "it has a control character"
            case UInt8(ascii: "\\"): return "it has a backslash"
            case UInt8(ascii: ";"): return "it has a parameter (;)"
            case UInt8(ascii: "#"): return "it has a fragment (#)"
            default: break
            }
        }
        let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        for (index, segment) in segments.enumerated() {
            if segment.isEmpty, index < segments.count - 1 { return "it has an empty segment (//)" }
            if segment.count <= 2, !segment.isEmpty, segment.allSatisfy({ $0 == UInt8(ascii: ".") }) {
                return "it has a dot segment"
            }
        }
        // Sloppy decoders take overlong forms for a slash or a dot.
        return String(validating: path, as: UTF8.self) == nil ? "it is not UTF-8" : nil
    }
}

extension [UInt8] {
    /// Whether a path is the one of a rule or lies below it, by whole segments.
    /// - Parameter prefix: The rule's path without a closing slash.
    /// - Returns: True if it is.
    func isPath(below prefix: [UInt8]) -> Bool {
        starts(with: prefix) && (count == prefix.count || self[prefix.count] == UInt8(ascii: "/"))
    }

    /// Whether some applications take a path for one at or below a rule's, although it is not: `/Admin` and `/admin.json`
    /// reach what `/admin` does where letters are folded, or endings and spaces dropped.
    /// - Parameter prefix: The rule's path without a closing slash.
    /// - Returns: True if the path only resembles it.
    func resemblesPath(below prefix: [UInt8]) -> Bool {
        guard !prefix.isEmpty, !isPath(below: prefix), count >= prefix.count else { return false }
        let head = String(decoding: self[..<prefix.count], as: UTF8.self).lowercased()
        guard head == String(decoding: prefix, as: UTF8.self).lowercased() else { return false }
        return count == prefix.count || [UInt8](" ./".utf8).contains(self[prefix.count])
    }
}
