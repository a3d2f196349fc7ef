internal import FoundationEssentials

/// An instant as doors show it: RFC 3339, UTC, whole seconds.
struct Timestamp: Encodable, Sendable, CustomStringConvertible {
    let milliseconds: Int64

    var description: String {
        // Down, not to the nearest: a session must not seem to live longer than it does.
        let seconds = (Double(milliseconds) / 1000).rounded(.down)
        return Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
