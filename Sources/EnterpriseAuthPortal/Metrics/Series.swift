internal import CoreMetrics
internal import Synchronization

/// What one set of dimensions has come to.
protocol Series: Sendable {
    /// Adds the lines of the series.
    func write(_ name: String, _ dimensions: [Dimension], to text: inout String)
}

/// A number that only grows.
final class CounterSeries: Series, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        value.store(0, ordering: .relaxed)
    }

    func write(_ name: String, _ dimensions: [Dimension], to text: inout String) {
        text += PrometheusText.line(name, dimensions, "\(value.load(ordering: .relaxed))")
    }
}

/// A number that goes up and down.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
    private let value = Mutex(0.0)

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) {
        self.value.withLock { $0 = value }
    }

    func increment(by amount: Double) {
        value.withLock { $0 += amount }
    }

    func decrement(by amount: Double) {
        value.withLock { $0 -= amount }
    }

    func write(_ name: String, _ dimensions: [Dimension], to text: inout String) {
        text += PrometheusText.line(name, dimensions, PrometheusText.number(value.withLock { $0 }))
    }
}

/// How often values lay below each of some limits.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    /// From a look into memory to the deadline of a login, in seconds.
    static let limits = [0.000_1, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct State: Sendable {
        /// One place for each limit and one for what lies above all of them.
        var counts = [Int64](repeating: 0, count: HistogramSeries.limits.count + 1)
        var sum = 0.0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = Self.limits.firstIndex { value <= $0 } ?? Self.limits.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ dimensions: [Dimension], to text: inout String) {
        let state = state.withLock { $0 }
        var total: Int64 = 0
        for (limit, count) in zip(Self.limits + [.infinity], state.counts) {
            total += count
            let dimensions = dimensions + [Dimension(name: "le", value: PrometheusText.number(limit))]
            text += PrometheusText.line("\(name)_bucket", dimensions, "\(total)")
        }
        text += PrometheusText.line("\(name)_sum", dimensions, PrometheusText.number(state.sum))
        text += PrometheusText.line("\(name)_count", dimensions, "\(total)")
    }
}
