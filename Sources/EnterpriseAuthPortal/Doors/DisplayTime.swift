internal import EnterpriseAuth

/// Times for people.
enum DisplayTime {
    /// Date and minute, in UTC: `2026-11-24 00:42 UTC`.
    static func text(_ time: Timestamp) -> String {
        let text = "\(time)"
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
