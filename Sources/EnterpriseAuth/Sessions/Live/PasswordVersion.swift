/// The order of the texts by which sources show that a password was changed.
enum PasswordVersion {
    /// Whether a password is older than another one of the same person.
    ///
    /// The usual texts are times, so a replica that lags behind is told from a change: a number of days or of 100 ns
    /// (`shadowLastChange`, `pwdLastSet`) or a GeneralizedTime (RFC 4517, 3.3.13). Of other texts, and of two within one
    /// millisecond, only that they differ can be told, and then the password counts as older.
    static func isOlder(_ version: String, than other: String) -> Bool {
        guard !version.utf8.elementsEqual(other.utf8) else { return false }
        if let number = number(version), let otherNumber = self.number(other) { return number < otherNumber }
        if let time = GeneralizedTime.milliseconds(version), let otherTime = GeneralizedTime.milliseconds(other),
            time != otherTime
        {
            return time < otherTime
        }
        return true
    }

    /// Whether the text would be another one if the password were changed after a time.
    ///
    /// `shadowLastChange` is a number of days: a change on the day of the last one leaves it as it is.
    static func showsChanges(since time: Timestamp, _ version: String?) -> Bool {
        guard let version else { return false }
        guard let number = number(version), number < daysLimit else { return true }
        return Int64(number) < time.milliseconds / 86_400_000
    }

    /// Larger numbers are no days since 1970.
    private static let daysLimit: UInt64 = 1_000_000

    private static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy(isDigit) ? UInt64(text) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
