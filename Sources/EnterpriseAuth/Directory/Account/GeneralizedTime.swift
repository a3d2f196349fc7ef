/// Reads the times that directories keep: GeneralizedTime (RFC 4517 section 3.3.13), days and ticks.
enum GeneralizedTime {
    /// Milliseconds since 1970 of a time such as `20261123122108Z` or `20261123122108.186306Z`.
    ///
    /// OpenLDAP writes both forms, with and without a fraction. Minutes and seconds may be missing, the zone may not.
    /// - Parameter text: The value.
    /// - Returns: The time, or nil if the text is none.
    static func milliseconds(_ text: some StringProtocol) -> Int64? {
        var bytes = Array(text.utf8)[...]
        guard let year = number(&bytes, digits: 4), let month = number(&bytes, digits: 2),
            let day = number(&bytes, digits: 2), let hour = number(&bytes, digits: 2),
            (1...12).contains(month), (1...31).contains(day), hour <= 23
        else { return nil }
        var unit: Int64 = 3_600_000
        var total = daysSince1970(year: year, month: month, day: day) * 86_400_000 + hour * unit
        if let minute = number(&bytes, digits: 2) {
            guard minute <= 59 else { return nil }
            unit = 60_000
            total += minute * unit
            if let second = number(&bytes, digits: 2) {
                // 60 stands for a leap second.
                guard second <= 60 else { return nil }
                unit = 1000
                total += second * unit
            }
        }
        guard let fraction = fraction(&bytes, of: unit), let zone = zone(&bytes), bytes.isEmpty else { return nil }
        return total + fraction - zone
    }

    /// Days since 1970-01-01 of a day of the Gregorian calendar, carried on before 1582 too.
    /// - Parameters:
    ///   - year: The year.
    ///   - month: The month, from 1.
    ///   - day: The day, from 1.
    /// - Returns: The number of days, negative before 1970.
    static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Years that begin in March have the leap day at their end.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Milliseconds since 1970 of a Windows time: 100 ns since 1601-01-01.
    /// - Parameter ticks: The value.
    /// - Returns: The time.
    static func milliseconds(windowsTicks ticks: Int64) -> Int64 {
        ticks / 10_000 - 11_644_473_600_000
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let head = bytes.prefix(digits)
        guard head.count == digits, head.allSatisfy(isDigit) else { return nil }
        bytes.removeFirst(digits)
        return head.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private static func fraction(_ bytes: inout ArraySlice<UInt8>, of unit: Int64) -> Int64? {
        guard let first = bytes.first, first == UInt8(ascii: ".") || first == UInt8(ascii: ",") else { return 0 }
        bytes.removeFirst()
        let digits = bytes.prefix(while: isDigit)
        guard !digits.isEmpty else { return nil }
        bytes = bytes.dropFirst(digits.count)
        var (value, scale) = (Int64(0), Int64(1))
        for digit in digits.prefix(9) {
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
            scale *= 10
        }
        return value * unit / scale
    }

    /// The offset from UTC in milliseconds: `Z`, `+hh`, `-hhmm`.
    private static func zone(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        guard let sign = bytes.popFirst() else { return nil }
        if sign == UInt8(ascii: "Z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(&bytes, digits: 2), hours <= 23
        else { return nil }
        let minutes = bytes.isEmpty ? 0 : number(&bytes, digits: 2)
        guard let minutes, minutes <= 59 else { return nil }
        let offset = (hours * 60 + minutes) * 60_000
        return sign == UInt8(ascii: "+") ? offset : -offset
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
