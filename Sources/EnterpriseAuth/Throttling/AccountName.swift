@_spi(_Unicode) internal import Swift

/// The name under which failures for an account are counted.
///
/// A directory takes many spellings for one name (RFC 4518: case, compatibility forms, spaces, characters that are not
/// seen; Active Directory: accents too), and each spelling with a counter of its own would be a way around the throttle.
/// Two people who fold to one name share a counter, which does less harm. Where the source tells its own spelling before
/// the password is shown, that is counted as well (`PasswordGate`).
enum AccountName {
    /// Stands for all names with characters that cannot be folded here; nobody can type it (`Credentials` refuses it).
    static let unfoldable = "\u{FFFD}"

    /// Folds a name as it was typed.
    ///
    /// The result is decomposed and without marks, so that it is one text for stores too, which compare bytes.
    static func folded(_ typed: String) -> String {
        var folded = String.UnicodeScalarView()
        var isAfterSpace = false
        // The library that Foundation is built on has this too; nothing public below Foundation decomposes.
        for scalar in typed._nfd {
            if isUnseen(scalar) { continue }
            guard !scalar.properties.isWhitespace else {
                isAfterSpace = !folded.isEmpty
                continue
            }
            if isAfterSpace { folded.append(" ") }
            isAfterSpace = false
            for scalar in lowercased(scalar) {
                guard canBeCompared(scalar) else { return unfoldable }
                folded.append(scalar)
            }
        }
        return folded.isEmpty ? unfoldable : String(folded)
    }

    /// Whether directories may not see a character: RFC 4518, section 2.2, and for Active Directory what only marks others.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return false }
        switch scalar.properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{1806}" || scalar == "\u{FFFC}"
        }
    }

    /// Whether it can be told what a character is equal to; RFC 4518, section 2.4, prohibits most of the rest.
    private static func canBeCompared(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        switch scalar.properties.generalCategory {
        case .unassigned, .privateUse: return false
        default: return !scalar.properties.changesWhenNFKCCaseFolded
        }
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
