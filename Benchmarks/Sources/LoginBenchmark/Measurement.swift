/// One run of either side.
struct Measurement: Sendable {
    let perSecond: Double
    let medianMicroseconds: Double
}
