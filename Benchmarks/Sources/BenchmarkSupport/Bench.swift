public import EnterpriseAuth
internal import HostSystem
internal import LDAPClient

/// A directory, its provider and the group rule, set up as an operator would: what every benchmark with a server asks.
public struct Bench: Sendable {
    /// The directory of the test bed.
    public let directory: Directory
    /// The one provider on it.
    public let chain: ProviderChain
    /// The rule: employees are active, suspended people are not.
    public let policy: ActivePolicy
    /// What a `LoginManager` needs to know besides.
    public let configuration: LoginConfiguration

    /// Connects and resolves the groups.
    public init(facts: TestBedFacts, url: String, inFlight: Int, none: [String] = []) async throws {
        let secret = SecretBytes(facts["READER_PASSWORD"].utf8)
        var settings = DirectoryConfiguration(
            name: "bench",
            preset: .openldap,
            urls: [try LDAPURL(parsing: url)],
            base: try DistinguishedName(parsing: facts["BASE_DN"]),
            bind: .simple(dn: try DistinguishedName(parsing: facts["READER_DN"]), password: .environment("unused"))
        )
        settings.startTLS = false
        settings.users.base = try DistinguishedName(parsing: facts["PEOPLE_DN"])
        settings.groups.base = try DistinguishedName(parsing: facts["GROUPS_DN"])
        settings.tls.caFile = facts["CA_FILE"]
        settings.pool.userConnections = max(8, inFlight)
        directory = try Directory(settings, readSecret: { _ in secret }, clock: SystemWallClock())
        chain = ProviderChain(providers: [LDAPCredentialProvider(name: "bench", directory: directory)])
        var active = ActiveConfiguration()
        active.directory = "bench"
        active.requirement = GroupRequirementConfiguration(all: ["employees"], none: none)
        policy = ActivePolicy(active, directory: directory, localGroups: nil)
        configuration = LoginConfiguration(
            login: LoginSettings(providers: ["bench"]),
            providers: [:],
            directories: ["bench": settings],
            active: active
        )
        let deadline = ContinuousClock.now + .seconds(10)
        for failure in await chain.start(deadline: deadline) { throw failure }
        for failure in await policy.start(deadline: deadline) { throw failure }
    }

    /// A login manager over it, with sessions in memory only.
    ///
    /// Where nothing is throttled, wrong passwords can be measured by the hundred.
    public func manager(throttled: Bool = true) -> LoginManager {
        var configuration = configuration
        configuration.throttle.enabled = throttled
        return LoginManager(configuration: configuration, chain: chain, judge: policy, store: nil)
    }

    /// Ends all connections.
    public func shutdown() async {
        await policy.shutdown()
        await chain.shutdown()
        await directory.shutdown()
    }
}
