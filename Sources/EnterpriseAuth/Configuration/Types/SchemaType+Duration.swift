extension SchemaType<Duration> {
    /// A number and a unit: `500ms`, `90s`, `15m`, `12h`, `31d`.
    static func duration(_ range: ClosedRange<Duration>) -> SchemaType {
        let limits = "\(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
        return .text("duration", range: limits, example: "\"90s\"") { text throws(ValueMistake) in
            guard let value = DurationText.read(text) else {
                let message = "\(TOMLText.shown(text)) is not a duration"
                throw ValueMistake(message, fix: "a number and ms, s, m, h or d, as in \"90s\" or \"15m\"")
            }
            guard range.contains(value) else {
                throw ValueMistake("\(TOMLText.shown(text)) is out of range", fix: "give a duration from \(limits)")
            }
            return value
        } text: {
            DurationText.write($0)
        }
    }
}

/// Durations as the configuration writes them.
enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    static func read(_ text: String) -> Duration? {
        let digits = text.prefix { "0"..."9" ~= $0 }
        guard let unit = units.first(where: { $0.suffix == text[digits.endIndex...] }), let number = Int64(digits)
        else {
            return nil
        }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// The duration in the largest unit that divides it; parts of a millisecond are dropped.
    static func write(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        for unit in units where milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
        }
        preconditionFailure("every duration is a number of milliseconds")
    }
}
