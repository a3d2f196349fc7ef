/// Middle and edges of some measurements.
public struct Statistics: Sendable {
    private let sorted: [Double]

    /// Takes measurements in any order.
    public init(_ values: [Double]) {
        sorted = values.sorted()
    }

    /// The measurement that the share `p` (0 to 1) of all do not exceed; 0 without measurements.
    public func percentile(_ p: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * p))]
    }

    /// The middle measurement.
    public var median: Double { percentile(0.5) }

    /// The smallest measurement.
    public var minimum: Double { sorted.first ?? 0 }

    /// The largest measurement.
    public var maximum: Double { sorted.last ?? 0 }
}

extension Double {
    /// The number with so many digits behind the point.
    public func digits(_ count: Int) -> String {
        var scale = 1.0
        for _ in 0..<count { scale *= 10 }
        let scaled = Int((self * scale).rounded())
        guard count > 0 else { return "\(scaled)" }
        let divisor = Int(scale)
        let fraction = String(abs(scaled) % divisor)
        let padding = String(repeating: "0", count: count - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(abs(scaled) / divisor).\(padding)\(fraction)"
    }
}
