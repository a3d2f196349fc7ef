internal import ArgumentParser
internal import BenchmarkSupport
internal import EnterpriseAuth
internal import HostSystem

/// How many people a second can be confirmed as still active, which bounds how many a `recheck` interval serves.
@main
struct RecheckBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "recheck-benchmark")

    @Argument(help: "The directory that slapd-start was given.")
    var testBed: String

    @Option(help: "Seconds for each measurement.")
    var seconds = 3.0

    @Option(parsing: .upToNextOption, help: "Checks in flight; the login manager does 32.")
    var inFlight = [1, 8, 32]

    func run() async throws {
        let facts = try TestBedFacts(directory: testBed)
        let bench = try await Bench(facts: facts, url: facts["LDAPS_URL"], inFlight: 32)
        let identities = try await identities(bench)
        print("| in flight | people confirmed a second (ldaps) | people a recheck of 60 s serves |")
        print("|---|---|---|")
        for count in inFlight {
            let rate = try await rate(bench, identities, inFlight: count)
            print("| \(count) | \(rate.digits(0)) | \((rate * 60).digits(0)) |")
        }
        await bench.shutdown()
    }

    private func identities(_ bench: Bench) async throws -> [Identity] {
        var identities: [Identity] = []
        for name in ["alice", "bob", "carol", "dora", "dan"] {
            let credentials = try Credentials(username: name, password: SecretBytes("open-\(name)".utf8))
            let outcome = await bench.chain.verify(credentials, deadline: .now + .seconds(10))
            guard case .verified(let identity, _) = outcome else {
                throw UnexpectedOutcome(description: "\(name): \(outcome)")
            }
            identities.append(identity)
        }
        return identities
    }

    /// What the login manager does for one person: the account, then the groups.
    private func rate(_ bench: Bench, _ identities: [Identity], inFlight: Int) async throws -> Double {
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        let confirmed = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<inFlight {
                group.addTask {
                    var confirmed = 0
                    while ContinuousClock.now < end {
                        let identity = identities[(task + confirmed) % identities.count]
                        let deadline = ContinuousClock.now + .seconds(10)
                        let standing = await bench.chain.recheck(identity, deadline: deadline)
                        guard case .good(let current) = standing else {
                            throw UnexpectedOutcome(description: "\(identity.loginName): \(standing)")
                        }
                        let verdict = await bench.policy.judge(current, deadline: deadline)
                        guard case .active = verdict else {
                            throw UnexpectedOutcome(description: "\(identity.loginName): \(verdict)")
                        }
                        confirmed += 1
                    }
                    return confirmed
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(confirmed) / ((ContinuousClock.now - begin) / .seconds(1))
    }
}
