public import CoreMetrics
internal import Synchronization

/// Collects what the library counts and times, and writes it for Prometheus.
///
/// One series for each label and set of dimensions, made when it is first asked for and kept. Counters and gauges keep
/// their names; what is timed is a histogram in seconds whose name ends with `_seconds`. The text is the exposition
/// format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
public final class PrometheusRegistry: MetricsFactory {
    /// The Content-Type of `text()`.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private struct Family: Sendable {
        let kind: SeriesKind
        var series: [[Dimension]: any Series] = [:]
    }

    private let help: [String: String]
    private let families = Mutex<[String: Family]>([:])

    /// Makes an empty registry.
    /// - Parameter help: A line about each family, by its name in the output.
    public init(help: [String: String] = [:]) {
        self.help = help
    }

    /// Everything that has been recorded, families and series in the order of their names.
    /// - Returns: The text.
    public func text() -> String {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if let help = help[name] { text += "# HELP \(name) \(PrometheusText.help(help))\n" }
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (dimensions, series) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                series.write(name, dimensions, to: &text)
            }
        }
        return text
    }

    /// Makes a counter, or finds it.
    /// - Parameters:
    ///   - label: Its name.
    ///   - dimensions: What sets it apart from others of the name.
    /// - Returns: The one counter of this name and these dimensions.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { CounterSeries() }
    }

    /// Makes a gauge, or a histogram if what is recorded is to be aggregated, or finds it.
    /// - Parameters:
    ///   - label: Its name.
    ///   - dimensions: What sets it apart from others of the name.
    ///   - aggregate: Whether all values matter, not only the last.
    /// - Returns: The one recorder of this name and these dimensions.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { GaugeSeries() } }
        return series(label, .histogram, dimensions) { HistogramSeries() }
    }

    /// Makes a gauge that can be counted up and down, or finds it.
    /// - Parameters:
    ///   - label: Its name.
    ///   - dimensions: What sets it apart from others of the name.
    /// - Returns: The one meter of this name and these dimensions.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { GaugeSeries() }
    }

    /// Makes a histogram of times, or finds it.
    /// - Parameters:
    ///   - label: Its name without the unit.
    ///   - dimensions: What sets it apart from others of the name.
    /// - Returns: The one timer of this name and these dimensions.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series("\(label)_seconds", .histogram, dimensions) { HistogramSeries() }
    }

    /// Does nothing: what was counted once is counted for good.
    /// - Parameter handler: A counter of this registry.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Does nothing: what was recorded once stays.
    /// - Parameter handler: A recorder of this registry.
    public func destroyRecorder(_ handler: any RecorderHandler) {}

    /// Does nothing: what was recorded once stays.
    /// - Parameter handler: A meter of this registry.
    public func destroyMeter(_ handler: any MeterHandler) {}

    /// Does nothing: what was timed once stays.
    /// - Parameter handler: A timer of this registry.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series<S: Series>(
        _ label: String,
        _ kind: SeriesKind,
        _ dimensions: [(String, String)],
        _ make: () -> S
    ) -> S {
        let name = PrometheusText.name(label)
        let key = dimensions.map { Dimension(name: PrometheusText.name($0.0), value: $0.1) }
        return families.withLock { families in
            // Two kinds under one name cannot be shown: the second counts in the dark.
            guard families[name, default: Family(kind: kind)].kind == kind else { return make() }
            if let known = families[name]?.series[key] as? S { return known }
            let new = make()
            families[name, default: Family(kind: kind)].series[key] = new
            return new
        }
    }
}

/// What a family's series are.
enum SeriesKind: String {
    case counter, gauge, histogram
}

/// One name and value that sets a series apart.
struct Dimension: Hashable, Comparable {
    let name: String
    let value: String

    static func < (lhs: Dimension, rhs: Dimension) -> Bool {
        (lhs.name, lhs.value) < (rhs.name, rhs.value)
    }
}
