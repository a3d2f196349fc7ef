internal import ArgumentParser
internal import BenchmarkSupport
internal import LDAPClient

/// Complete logins per second (search, bind, group check) against the same work in plain C, same server, same run.
@main
struct LoginBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "login-benchmark")

    @Argument(help: "The directory that slapd-start was given.")
    var testBed: String

    @Option(help: "Seconds for each measurement.")
    var seconds = 1.5

    @Option(help: "How often each pair is measured; the median of the pairs' ratios counts.")
    var rounds = 5

    @Option(parsing: .upToNextOption, help: "Logins in flight.")
    var inFlight = [1, 8, 32, 64]

    func run() async throws {
        let facts = try TestBedFacts(directory: testBed)
        print("Complete logins per second: ours against plain C over libldap, one thread per connection")
        print("| transport | in flight | tasks run | C /s | ours /s | ratio (min–max) | C p50 µs | ours p50 µs |")
        print("|---|---|---|---|---|---|---|---|")
        for url in ["LDAP_URL", "LDAPS_URL"] {
            for count in inFlight {
                try await compare(facts, facts[url], count, ("as usual", nil))
                try await compare(facts, facts[url], count, ("on LDAPExecutor", LDAPExecutor.shared))
            }
        }
    }

    /// One row: pairs of measurements in turn, so that a change of the machine's mood hits both.
    private func compare(
        _ facts: TestBedFacts,
        _ url: String,
        _ count: Int,
        _ place: (name: String, executor: (any TaskExecutor)?)
    ) async throws {
        let people = ["alice", "bob", "carol", "dora", "dan"]
        let reference = CReference(facts: facts, url: url, people: people)
        let subject = try await Subject(
            facts: facts,
            url: url,
            inFlight: count,
            people: people,
            executor: place.executor
        )
        _ = try await subject.run(seconds: 0.3)
        var theirs: [Double] = []
        var ours: [Double] = []
        var ratios: [Double] = []
        var theirMedians: [Double] = []
        var ourMedians: [Double] = []
        for _ in 0..<rounds {
            let c = try await reference.run(threads: count, seconds: seconds)
            let swift = try await subject.run(seconds: seconds)
            theirs.append(c.perSecond)
            ours.append(swift.perSecond)
            ratios.append(swift.perSecond / c.perSecond)
            theirMedians.append(c.medianMicroseconds)
            ourMedians.append(swift.medianMicroseconds)
        }
        await subject.shutdown()
        let ratio = Statistics(ratios)
        let cells = [
            String(url.prefix { $0 != ":" }), "\(count)", place.name,
            Statistics(theirs).median.digits(0), Statistics(ours).median.digits(0),
            "\(ratio.median.digits(2)) (\(ratio.minimum.digits(2))–\(ratio.maximum.digits(2)))",
            Statistics(theirMedians).median.digits(0), Statistics(ourMedians).median.digits(0),
        ]
        print("| \(cells.joined(separator: " | ")) |")
    }
}
