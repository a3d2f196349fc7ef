internal import HostSystem
internal import Synchronization

/// The time of an answer, as `Date` writes it (RFC 9110, section 5.6.7).
enum HTTPDate {
    /// The text of the second that was asked for last.
    private static let last = Mutex<(second: Int64, text: String)>((-1, ""))

    /// The text of this moment, made once a second.
    static var now: String {
        let milliseconds = WallTime.nowMilliseconds
        return last.withLock { last in
            if last.second != milliseconds / 1000 { last = (milliseconds / 1000, text(ofMilliseconds: milliseconds)) }
            return last.text
        }
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The text of a time.
    /// - Parameter milliseconds: Since 1970.
    /// - Returns: Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(ofMilliseconds milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        let (day, rest) = (seconds / 86_400, seconds % 86_400)
        // Counted from the first of March of the year 0, every year ends with its leap day, if it has one.
        let z = day + 719_468
        let era = z / 146_097
        let dayOfEra = z % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        let name = months[Int((month + 2) % 12)]
        let time = [rest / 3600, rest / 60 % 60, rest % 60].map(padded).joined(separator: ":")
        return "\(days[Int(day % 7)]), \(padded(dayOfMonth)) \(name) \(year) \(time) GMT"
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
