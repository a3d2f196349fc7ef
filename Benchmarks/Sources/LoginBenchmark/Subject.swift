internal import BenchmarkSupport
internal import EnterpriseAuth
internal import HostSystem

/// Our side: whole logins as a door runs them, session in memory and its replacement at the next login included.
struct Subject: Sendable {
    private let bench: Bench
    private let manager: LoginManager
    private let inFlight: Int
    /// Where the tasks are kept that log in; nil for the ordinary executor.
    private let executor: (any TaskExecutor)?
    private let people: [(name: String, password: SecretBytes)]

    init(
        facts: TestBedFacts,
        url: String,
        inFlight: Int,
        people: [String],
        executor: (any TaskExecutor)?
    ) async throws {
        self.executor = executor
        bench = try await Bench(facts: facts, url: url, inFlight: inFlight)
        self.inFlight = inFlight
        manager = bench.manager()
        self.people = people.map { ($0, SecretBytes("open-\($0)".utf8)) }
    }

    func run(seconds: Double) async throws -> Measurement {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let samples = try await withThrowingTaskGroup(of: [Double].self) { group in
            for task in 0..<inFlight {
                group.addTask(executorPreference: executor) { try await logins(until: end, from: task * 7) }
            }
            var samples: [Double] = []
            for try await some in group { samples += some }
            return samples
        }
        let taken = (ContinuousClock.now - start) / .seconds(1)
        return Measurement(
            perSecond: Double(samples.count) / taken,
            medianMicroseconds: Statistics(samples).median
        )
    }

    func shutdown() async {
        await bench.shutdown()
    }

    private func logins(until end: ContinuousClock.Instant, from first: Int) async throws -> [Double] {
        var samples: [Double] = []
        var next = first
        var last: SessionToken?
        var begin = ContinuousClock.now
        while begin < end {
            let person = people[next % people.count]
            next += 1
            let credentials = try Credentials(username: person.name, password: person.password)
            let result = await manager.login(credentials, client: .init(kind: .web), replacing: last)
            guard case .success(let success) = result else {
                throw UnexpectedOutcome(description: "\(person.name): \(result)")
            }
            last = success.token
            let now = ContinuousClock.now
            samples.append((now - begin) / .microseconds(1))
            begin = now
        }
        return samples
    }
}
