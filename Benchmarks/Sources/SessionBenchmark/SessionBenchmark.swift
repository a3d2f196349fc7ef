internal import ArgumentParser
internal import BenchmarkSupport
internal import EnterpriseAuth

/// What a session costs: memory for each, and the time to resolve one among many.
@main
struct SessionBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "session-benchmark")

    @Option(help: "Live sessions, each of a person of its own.")
    var sessions = 1_000_000

    @Option(help: "Resolves in each measurement.")
    var resolves = 2_000_000

    func run() async throws {
        var active = ActiveConfiguration()
        active.everyone = true
        let configuration = LoginConfiguration(login: LoginSettings(providers: []), providers: [:], active: active)
        let policy = ActivePolicy(active, directory: nil, localGroups: nil)
        let chain = ProviderChain(providers: [])
        let manager = LoginManager(configuration: configuration, chain: chain, judge: policy, store: nil)
        let client = SessionClient(kind: .web, address: "192.0.2.7", userAgent: "Mozilla/5.0 (X11; Linux x86_64)")

        var tokens: [SessionToken] = []
        tokens.reserveCapacity(sessions)
        let empty = try Memory.residentBytes()
        let begin = ContinuousClock.now
        for number in 0..<sessions {
            let result = await manager.login(person(number), client: client)
            guard case .success(let success) = result else {
                throw UnexpectedOutcome(description: "login \(number): \(result)")
            }
            tokens.append(success.token)
        }
        let took = (ContinuousClock.now - begin) / .seconds(1)
        let bytes = Double(try Memory.residentBytes() - empty) / Double(sessions)
        print("| live sessions | bytes a session, its token in the caller included | begun a second |")
        print("|---|---|---|")
        print("| \(sessions) | \(bytes.digits(0)) | \((Double(sessions) / took).digits(0)) |")
        print("")
        print("| tasks | resolve, ns (median of 5) | dictionary look-up of a 32-byte key in one thread, ns | ratio |")
        print("|---|---|---|---|")
        // A door has just read its token from the request: let the tokens lie in memory in the order of their use, so
        // that only the manager's own memory is cold.
        let shuffled = tokens.shuffled().compactMap { SessionToken($0.text) }
        let reference = dictionaryLookUp(shuffled)
        for tasks in [1, 2] {
            var rounds: [Double] = []
            for _ in 0..<5 { rounds.append(try await resolve(shuffled, manager, client, tasks: tasks)) }
            let median = Statistics(rounds).median
            print("| \(tasks) | \(median.digits(0)) | \(reference.digits(0)) | \((median / reference).digits(1)) |")
        }
    }

    private func person(_ number: Int) -> DirectoryUser {
        let name = "person\(number)"
        let identity = Identity(
            userID: UserID(source: "bench", value: name),
            loginName: name,
            provider: "bench",
            source: .application,
            displayName: "Person Number \(number)",
            email: "\(name)@example.org"
        )
        return DirectoryUser(identity: identity, groups: ["employees", "engineering"], isActive: true)
    }

    /// Nanoseconds for one resolve, over tokens in an order that caches do not know.
    private func resolve(
        _ tokens: [SessionToken],
        _ manager: LoginManager,
        _ client: SessionClient,
        tasks: Int
    ) async throws -> Double {
        let each = resolves / tasks
        let begin = ContinuousClock.now
        let found = await withTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var found = 0
                    for number in 0..<each {
                        let token = tokens[(task * tokens.count / tasks + number) % tokens.count]
                        if case .active = await manager.resolve(token, client: client) { found += 1 }
                    }
                    return found
                }
            }
            return await group.reduce(0, +)
        }
        let taken = (ContinuousClock.now - begin) / .nanoseconds(1)
        guard found == each * tasks else {
            throw UnexpectedOutcome(description: "\(found) of \(each * tasks) sessions were found")
        }
        return taken / Double(found)
    }

    /// The named reference: what finding a key among as many costs at the least.
    private func dictionaryLookUp(_ tokens: [SessionToken]) -> Double {
        var table: [SIMD4<UInt64>: Int] = [:]
        table.reserveCapacity(tokens.count)
        var generator = SystemRandomNumberGenerator()
        let keys = tokens.map { _ in SIMD4<UInt64>.random(in: 0...(.max), using: &generator) }
        for (number, key) in keys.enumerated() { table[key] = number }
        var sum = 0
        let begin = ContinuousClock.now
        for number in 0..<resolves { sum &+= table[keys[(number &* 7919) % keys.count]] ?? 0 }
        let taken = (ContinuousClock.now - begin) / .nanoseconds(1)
        return sum == 0 ? 0 : taken / Double(resolves)
    }
}
