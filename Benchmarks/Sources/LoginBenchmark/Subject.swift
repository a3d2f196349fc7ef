internal import BenchmarkSupport
internal import EnterpriseAuth
internal import HostSystem
internal import LDAPClient

/// Our side: the provider chain and the group rules, as a login runs them.
struct Subject: Sendable {
    private let directory: Directory
    private let chain: ProviderChain
    private let policy: ActivePolicy
    private let inFlight: Int
    private let people: [(name: String, password: SecretBytes)]

    init(facts: TestBedFacts, url: String, inFlight: Int, people: [String]) async throws {
        let secret = SecretBytes(facts["READER_PASSWORD"].utf8)
        var configuration = DirectoryConfiguration(
            name: "bench",
            preset: .openldap,
            urls: [try LDAPURL(parsing: url)],
            base: try DistinguishedName(parsing: facts["BASE_DN"]),
            bind: .simple(dn: try DistinguishedName(parsing: facts["READER_DN"]), password: .environment("unused"))
        )
        configuration.startTLS = false
        configuration.users.base = try DistinguishedName(parsing: facts["PEOPLE_DN"])
        configuration.groups.base = try DistinguishedName(parsing: facts["GROUPS_DN"])
        configuration.tls.caFile = facts["CA_FILE"]
        configuration.pool.userConnections = max(8, inFlight)
        directory = try Directory(configuration, readSecret: { _ in secret }, clock: SystemClock())
        chain = ProviderChain(providers: [LDAPCredentialProvider(name: "bench", directory: directory)])
        var active = ActiveConfiguration()
        active.directory = "bench"
        active.requirement = GroupRequirementConfiguration(all: ["employees"])
        policy = ActivePolicy(active, directory: directory, localGroups: nil)
        self.inFlight = inFlight
        self.people = people.map { ($0, SecretBytes("open-\($0)".utf8)) }
        let deadline = ContinuousClock.now + .seconds(10)
        for failure in await chain.start(deadline: deadline) { throw failure }
        for failure in await policy.start(deadline: deadline) { throw failure }
    }

    func run(seconds: Double) async throws -> Measurement {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let samples = try await withThrowingTaskGroup(of: [Double].self) { group in
            for task in 0..<inFlight {
                group.addTask { try await logins(until: end, from: task * 7) }
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
        await policy.shutdown()
        await chain.shutdown()
        await directory.shutdown()
    }

    private func logins(until end: ContinuousClock.Instant, from first: Int) async throws -> [Double] {
        var samples: [Double] = []
        var next = first
        var begin = ContinuousClock.now
        while begin < end {
            let person = people[next % people.count]
            next += 1
            let credentials = try Credentials(username: person.name, password: person.password)
            let deadline = begin + .seconds(10)
            let outcome = await chain.verify(credentials, deadline: deadline)
            guard case .verified(let identity, _) = outcome else {
                throw UnexpectedOutcome(description: "\(person.name): \(outcome)")
            }
            let verdict = await policy.judge(identity, deadline: deadline)
            guard case .active = verdict else {
                throw UnexpectedOutcome(description: "\(person.name): \(verdict)")
            }
            let now = ContinuousClock.now
            samples.append((now - begin) / .microseconds(1))
            begin = now
        }
        return samples
    }
}
