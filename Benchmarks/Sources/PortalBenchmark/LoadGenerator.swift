internal import BenchmarkSupport
internal import Foundation

/// `wrk`, which keeps connections busy with one request and says how long the answers took.
struct LoadGenerator: Sendable {
    /// What one run has shown.
    struct Run: Sendable {
        /// Answers in a second.
        let rate: Double
        /// The median time to an answer, in microseconds.
        let median: Double
        /// The time to an answer that one in a hundred exceeds, in microseconds.
        let slowest: Double
    }

    /// How many connections are kept busy.
    var connections = 32
    /// How long a run takes, in seconds.
    var seconds: Double
    /// Where its script is written.
    let folder: String

    /// Runs it against one address.
    /// - Parameters:
    ///   - port: The port on 127.0.0.1.
    ///   - target: Path and query.
    ///   - method: The method.
    ///   - headers: What every request carries.
    ///   - body: What every request carries behind them.
    /// - Returns: What it has shown.
    /// - Throws: `UnexpectedOutcome` if any answer was an error.
    func run(
        port: UInt16,
        target: String,
        method: String = "GET",
        headers: [(String, String)] = [],
        body: String? = nil
    ) async throws -> Run {
        // In a file, because everyone may read the arguments of a process.
        let script = "\(folder)/load.lua"
        let lines = headers.map { "wrk.headers[\"\($0.0)\"] = \"\($0.1)\"" }
        let text = """
            wrk.method = "\(method)"
            \(lines.joined(separator: "\n"))
            \(body.map { "wrk.body = \"\($0)\"" } ?? "")
            done = function(summary, latency, requests)
              local errors = summary.errors
              local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
              io.write(string.format("\\nresult %d %d %d %d %d\\n", summary.requests, summary.duration, bad,
                latency:percentile(50), latency:percentile(99)))
            end
            """
        try text.write(toFile: script, atomically: true, encoding: .utf8)
        let time = "\(max(1, Int(seconds.rounded())))s"
        let arguments = ["-t1", "-c\(connections)", "-d\(time)", "-s", script, "http://127.0.0.1:\(port)\(target)"]
        let output = try await Program.output(of: "wrk", arguments)
        let line = output.split(separator: "\n").last { $0.hasPrefix("result ") } ?? ""
        let numbers = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard numbers.count == 5, numbers[0] > 0, numbers[2] == 0 else {
            throw UnexpectedOutcome(description: "wrk against \(target): \(output)")
        }
        return Run(rate: numbers[0] / (numbers[1] / 1_000_000), median: numbers[3], slowest: numbers[4])
    }
}
