/// The order of the texts by which sources show that a password was changed.
enum PasswordVersion {
    /// Whether a password is older than another one of the same person.
    ///
    /// The usual texts are times, so a replica that lags behind is told from a change: a number of days or of 100 ns
    /// (`shadowLastChange`, `pwdLastSet`) or a GeneralizedTime in UTC (RFC 4517, 3.3.13). Of other texts only that they
    /// differ can be told, and then the password counts as older.
    static func isOlder(_ version: String, than other: String) -> Bool {
        guard !version.utf8.elementsEqual(other.utf8) else { return false }
        if let number = number(version), let otherNumber = self.number(other) { return number < otherNumber }
        if let time = time(version), let otherTime = self.time(other) { return time < otherTime }
        return true
    }

    private static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy(isDigit) ? UInt64(text) : nil
    }

    /// The fourteen digits down to the second, and the fraction.
    private static func time(_ text: String) -> String? {
        guard text.utf8.last == UInt8(ascii: "Z"), text.utf8.count >= 15 else { return nil }
        let fraction = text.utf8.dropFirst(14).dropLast()
        guard text.utf8.prefix(14).allSatisfy(isDigit), fraction.first.map({ $0 == UInt8(ascii: ".") }) ?? true,
            fraction.dropFirst().allSatisfy(isDigit)
        else { return nil }
        return String(text.dropLast())
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
