internal import ArgumentParser
internal import BenchmarkSupport
internal import EnterpriseAuth
internal import HostSystem

/// When refusals are answered: whether somebody with a stopwatch could tell their reasons apart.
///
/// Each reason is compared with the wrong password by the largest distance between the two distributions (the
/// Kolmogorov–Smirnov statistic), beside two halves of the wrong password's own, which shows what chance does.
@main
struct RefusalBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "refusal-benchmark")

    @Argument(help: "The directory that slapd-start was given.")
    var testBed: String

    @Option(help: "Tries for each reason.")
    var tries = 200

    /// People with a right and a wrong password, so that failures never add up to a lock.
    private static let guessed = ["alice", "bob", "carol", "dora", "dan"]
    private static let reasons: [(word: String, user: String, password: String)] = [
        ("unknown person", "nobody-of-that-name", "whatever"),
        ("suspended", "sam", "open-sam"),
        ("disabled", "disa", "open-disa"),
        ("locked", "lock", "open-lock"),
    ]

    func run() async throws {
        let facts = try TestBedFacts(directory: testBed)
        let bench = try await Bench(facts: facts, url: facts["LDAPS_URL"], inFlight: 16, none: ["suspended"])
        let manager = bench.manager(throttled: false)
        var samples: [String: [Double]] = [:]
        // The kinds take turns, so that the machine's mood is shared.
        for round in 0..<(tries / Self.guessed.count) {
            for (word, times) in try await onePass(manager, round) { samples[word, default: []] += times }
        }
        await bench.shutdown()
        report(samples)
    }

    private func onePass(_ manager: LoginManager, _ round: Int) async throws -> [String: [Double]] {
        try await withThrowingTaskGroup(of: (String, [Double]).self) { group in
            for name in Self.guessed {
                group.addTask {
                    let time = try await refusal(manager, name, "wrong")
                    try await success(manager, name)
                    return ("wrong password", [time])
                }
            }
            for reason in Self.reasons {
                group.addTask {
                    var times: [Double] = []
                    for _ in Self.guessed { times.append(try await refusal(manager, reason.user, reason.password)) }
                    return (reason.word, times)
                }
            }
            var pass: [String: [Double]] = [:]
            for try await (word, times) in group { pass[word, default: []] += times }
            return pass
        }
    }

    private func refusal(_ manager: LoginManager, _ user: String, _ password: String) async throws -> Double {
        let credentials = try Credentials(username: user, password: SecretBytes(password.utf8))
        let begin = ContinuousClock.now
        let result = await manager.login(credentials, client: .local)
        let taken = (ContinuousClock.now - begin) / .milliseconds(1)
        guard case .refused = result else { throw UnexpectedOutcome(description: "\(user): \(result)") }
        return taken
    }

    private func success(_ manager: LoginManager, _ user: String) async throws {
        let credentials = try Credentials(username: user, password: SecretBytes("open-\(user)".utf8))
        let result = await manager.login(credentials, client: .local)
        guard case .success = result else { throw UnexpectedOutcome(description: "\(user): \(result)") }
    }

    private func report(_ samples: [String: [Double]]) {
        let wrong = samples["wrong password"] ?? []
        let odd = wrong.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let even = wrong.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        print("| refusal | tries | p5 ms | p50 ms | p95 ms | distance from wrong password (0–1) |")
        print("|---|---|---|---|---|---|")
        row("wrong password (two halves)", wrong, distance(odd, even))
        for reason in Self.reasons {
            let times = samples[reason.word] ?? []
            row(reason.word, times, distance(times, wrong))
        }
    }

    private func row(_ word: String, _ times: [Double], _ distance: Double) {
        let some = Statistics(times)
        let cells = [
            word, "\(times.count)", some.percentile(0.05).digits(1), some.median.digits(1),
            some.percentile(0.95).digits(1), distance.digits(2),
        ]
        print("| \(cells.joined(separator: " | ")) |")
    }

    private func distance(_ one: [Double], _ other: [Double]) -> Double {
        guard !one.isEmpty, !other.isEmpty else { return 1 }
        func share(_ values: [Double], upTo limit: Double) -> Double {
            Double(values.count { $0 <= limit }) / Double(values.count)
        }
        return (one + other).map { abs(share(one, upTo: $0) - share(other, upTo: $0)) }.max() ?? 1
    }
}
