/// The name under which failures for an account are counted.
///
/// A directory takes many spellings for one name (RFC 4518: case, compatibility forms, spaces, characters that are not
/// seen), and each spelling with a counter of its own would be a way around the throttle. Two people who fold to one
/// name share a counter, which does less harm.
enum AccountName {
    /// Stands for all names with characters that the standard library cannot fold; nobody can type it
    /// (`Credentials` refuses it).
    static let unfoldable = "\u{FFFD}"

    /// Folds a name as it was typed.
    ///
    /// Swift compares strings by canonical equivalence, so that composed and decomposed letters need no folding here.
    static func folded(_ typed: String) -> String {
        var folded = String.UnicodeScalarView()
        var isAfterSpace = false
        for scalar in typed.unicodeScalars {
            let properties = scalar.properties
            if properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format { continue }
            guard !properties.isWhitespace else {
                isAfterSpace = !folded.isEmpty
                continue
            }
            if isAfterSpace { folded.append(" ") }
            isAfterSpace = false
            for scalar in lowercased(scalar) {
                guard !scalar.properties.changesWhenNFKCCaseFolded else { return unfoldable }
                folded.append(scalar)
            }
        }
        return folded.isEmpty ? unfoldable : String(folded)
    }

    private static func lowercased(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", ".", "-", "_", "@":
            return scalar.properties.lowercaseMapping.unicodeScalars
        // The full-width forms of ASCII stand in the same order.
        case "\u{FF01}"..."\u{FF5E}":
            let plain = Unicode.Scalar(UInt8(scalar.value - 0xFF01 + 0x21))
            return plain.properties.lowercaseMapping.unicodeScalars
        // Full case folding (CaseFolding.txt), which lower case alone is not.
        case "ß", "ẞ": return "ss".unicodeScalars
        case "ς": return "σ".unicodeScalars
        default: return scalar.properties.lowercaseMapping.unicodeScalars
        }
    }
}
