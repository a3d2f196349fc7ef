/// One run of either side.
struct Measurement: Sendable {
    let perSecond: Double
    let medianMicroseconds: Double
}

/// A login that should have succeeded and did not: a benchmark of failures says nothing.
struct UnexpectedOutcome: Error, CustomStringConvertible {
    let description: String
}
