internal import Foundation
internal import TestBed

/// Watches memory, descriptors and threads of a process.
actor Growth {
    private struct Sample: Sendable {
        let kilobytes: Int
        let descriptors: Int
        let threads: Int
    }

    private let processID: Int32
    private let portal: RunningProgram
    private var samples: [Sample] = []

    init(of processID: Int32, portal: RunningProgram) {
        (self.processID, self.portal) = (processID, portal)
    }

    func watch(until end: ContinuousClock.Instant) async {
        while ContinuousClock.now < end, !portal.hasEnded {
            try? await Task.sleep(for: .milliseconds(500))
            let census = ProcessCensus(of: processID)
            samples.append(
                Sample(kilobytes: residentKilobytes(), descriptors: census.descriptors, threads: census.threads)
            )
        }
    }

    /// What has grown: the middle of the last quarter against that of the second, for the first is the warming up.
    func complaints() -> [String] {
        guard samples.count >= 40 else { return ["too few looks at the portal: \(samples.count)"] }
        var complaints: [String] = []
        let (before, after) = (quarter(1), quarter(3))
        // A process that has been busy for ten minutes keeps freed memory in its allocator's corners.
        if after.kilobytes > before.kilobytes * 5 / 4 + 16_384 {
            complaints.append("memory has grown from \(before.kilobytes) to \(after.kilobytes) kB")
        }
        if after.descriptors > before.descriptors + 24 {
            complaints.append("descriptors have grown from \(before.descriptors) to \(after.descriptors)")
        }
        if after.threads > before.threads + 8 {
            complaints.append("threads have grown from \(before.threads) to \(after.threads)")
        }
        return complaints
    }

    /// A table of the four quarters.
    func report() -> [String] {
        guard samples.count >= 40 else { return [] }
        return ["quarter\tmemory, kB\tdescriptors\tthreads (middle of each)"]
            + (0..<4).map { number in
                let middle = quarter(number)
                return "\(number + 1)\t\(middle.kilobytes)\t\(middle.descriptors)\t\(middle.threads)"
            }
    }

    private func quarter(_ number: Int) -> Sample {
        let size = samples.count / 4
        let part = samples[(number * size)..<((number + 1) * size)]
        let middle = { (value: (Sample) -> Int) in part.map(value).sorted()[part.count / 2] }
        return Sample(
            kilobytes: middle(\.kilobytes),
            descriptors: middle(\.descriptors),
            threads: middle(\.threads)
        )
    }

    private func residentKilobytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
