import HostSystem
import LDAPClient
import Synchronization
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("A directory of several servers")
struct FailoverTests {
    /// Logs alice in, in time, and says what came of it on which servers.
    private static func login(
        _ provider: LDAPCredentialProvider,
        within limit: Duration = .seconds(60)
    ) async throws -> (word: String, servers: [String]) {
        let trace = DecisionTrace()
        let credentials = try DirectoryFixture.credentials("alice", "open-alice")
        let outcome = await DecisionTrace.$current.withValue(trace) {
            await Punctuality.expect(within: limit) { deadline in
                await provider.verify(credentials, deadline: deadline)
            }
        }
        return (OutageTests.word(outcome), trace.steps.map(\.target))
    }

    /// How the first of two servers fails.
    enum Fault: CaseIterable {
        case silent, silentAfterBind, busy, unavailable, closes, nobodyListens
    }

    @Test(
        "goes on with the second when the first fails, and does not ask the first again at each login",
        arguments: Fault.allCases
    )
    func firstFails(_ fault: Fault) async throws {
        let slapd = try await SlapdServer.shared()
        let mute: MuteServer? =
            switch fault {
            case .silent: try MuteServer()
            case .silentAfterBind: try .silentAfterBind()
            case .busy: try .answering(code: 51)
            case .unavailable: try .answering(code: 52)
            case .closes: try MuteServer { _ in .close }
            case .nobodyListens: nil
            }
        let url = try mute?.ldapURL ?? "ldap://127.0.0.1:\(FreePort.find())"
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain, urls: [url, slapd.ldapURL]) { configuration in
                configuration.failover.retryAfter = .seconds(3600)
                configuration.failover.retryAtMost = .seconds(3600)
            }
        )
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        let first = try await Self.login(provider, within: .seconds(12))
        #expect(first.word == "verified")
        #expect(first.servers.contains { $0 == url } && first.servers.last == slapd.ldapURL)
        let accepted = mute?.accepted
        for _ in 0..<5 {
            let next = try await Self.login(provider)
            #expect(next.word == "verified")
            #expect(Set(next.servers) == [slapd.ldapURL])
        }
        #expect(mute?.accepted == accepted)
        await directory.shutdown()
        mute?.stop()
    }

    @Test("returns to the first when it is back")
    func comesBack() async throws {
        let (first, second) = (try await SlapdServer.start(), try await SlapdServer.shared())
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(first, .plain, urls: [first.ldapURL, second.ldapURL]) { configuration in
                configuration.failover.retryAfter = .milliseconds(100)
                configuration.failover.retryAtMost = .milliseconds(200)
            }
        )
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        #expect(try await Set(Self.login(provider).servers) == [first.ldapURL])
        try first.kill()
        for _ in 0..<3 {
            let login = try await Self.login(provider)
            #expect(login.word == "verified")
            #expect(login.servers.last == second.ldapURL)
        }
        try await first.restart()
        let isBack = try await ProcessCensus.wait { try await Self.login(provider).servers.first == first.ldapURL }
        #expect(isBack)
        #expect(try await Set(Self.login(provider).servers) == [first.ldapURL])
        await directory.shutdown()
        await first.stop()
    }

    @Test("asks a silent first server once for many logins at once, none of them too late")
    func crowd() async throws {
        let slapd = try await SlapdServer.shared()
        let mute = try MuteServer()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain, urls: [mute.ldapURL, slapd.ldapURL])
        )
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        let words = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { try await Self.login(provider, within: .seconds(16)).word }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(words) == ["verified"])
        await directory.shutdown()
        mute.stop()
    }

    @Test("is unavailable in time when every server is silent")
    func allSilent() async throws {
        let slapd = try await SlapdServer.shared()
        let mutes = [try MuteServer(), try MuteServer(), try MuteServer()]
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain, urls: mutes.map(\.ldapURL))
        )
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        for _ in 0..<3 {
            let login = try await Self.login(provider, within: .seconds(1))
            #expect(login.word == "unavailable")
        }
        for mute in mutes { #expect(mute.accepted > 0) }
        await directory.shutdown()
        for mute in mutes {
            let port = mute.port
            let isClean = await ProcessCensus.wait { ProcessCensus.connections(to: port) == 0 }
            #expect(isClean)
            mute.stop()
        }
    }

    /// A probe binds as the service account, which would be counted too.
    private static func withoutProbes(_ configuration: inout DirectoryConfiguration) {
        configuration.failover.retryAfter = .seconds(3600)
    }

    /// Counts what the servers were asked.
    private final class BindCounter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }

        func server(_ reply: MuteServer.Reply) throws -> MuteServer {
            try MuteServer { request in
                if request.operation == .bind { self.count.withLock { $0 += 1 } }
                return reply
            }
        }
    }

    @Test("sends a bind that was not answered to one more server and no further")
    func unansweredBind() async throws {
        let slapd = try await SlapdServer.shared()
        for reply in [MuteServer.Reply.silence, .close, .result(code: 80), .result(code: 3)] {
            let counter = BindCounter()
            let mutes = try (0..<4).map { _ in try counter.server(reply) }
            let directory = try DirectoryFixture.directory(
                DirectoryFixture.configuration(slapd, .plain, urls: mutes.map(\.ldapURL), Self.withoutProbes)
            )
            await #expect(throws: Outage.self) {
                try await directory.bind(
                    dn: "uid=alice",
                    password: SecretBytes(Array("open-alice".utf8)),
                    preferring: nil,
                    deadline: .now + .seconds(12)
                )
            }
            // A busy machine may be too late to send the second one.
            #expect((1...2).contains(counter.value), "\(reply)")
            await directory.shutdown()
            for mute in mutes { mute.stop() }
        }
    }

    @Test("sends a bind that was turned away as busy to every server")
    func busyBind() async throws {
        let slapd = try await SlapdServer.shared()
        let counter = BindCounter()
        let mutes = try (0..<3).map { _ in try counter.server(.result(code: 51)) }
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(
                slapd,
                .plain,
                urls: mutes.map(\.ldapURL) + [slapd.ldapURL],
                Self.withoutProbes
            )
        )
        let (outcome, server) = try await directory.bind(
            dn: TestPerson.named("alice").dn,
            password: SecretBytes(Array("open-alice".utf8)),
            preferring: nil,
            deadline: .now + .seconds(60)
        )
        #expect(outcome.isSuccess)
        #expect(server.url == slapd.ldapURL)
        #expect(counter.value == 3)
        await directory.shutdown()
        for mute in mutes { mute.stop() }
    }

    @Test("believes the first answer: a wrong password is tried once")
    func wrongPasswordOnce() async throws {
        let slapd = try await SlapdServer.shared()
        let counter = BindCounter()
        let mutes = try (0..<2).map { _ in try counter.server(.result(code: 49)) }
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain, urls: mutes.map(\.ldapURL))
        )
        let (outcome, _) = try await directory.bind(
            dn: "uid=alice",
            password: SecretBytes(Array("wrong".utf8)),
            preferring: nil,
            deadline: .now + .seconds(60)
        )
        #expect(outcome.code == .invalidCredentials)
        #expect(counter.value == 1)
        await directory.shutdown()
        for mute in mutes { mute.stop() }
    }

    @Test("reports what was wrong with each server")
    func report() async throws {
        let slapd = try await SlapdServer.shared()
        let busy = try MuteServer.answering(code: 51)
        let port = try FreePort.find()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain, urls: [busy.ldapURL, "ldap://127.0.0.1:\(port)"])
        )
        let outage = await #expect(throws: Outage.self) {
            try await directory.person(withLoginName: "alice", deadline: .now + .seconds(60))
        }
        #expect(outage?.server == nil)
        #expect(outage?.detail.contains("\(busy.port)") == true)
        #expect(outage?.detail.contains("\(port)") == true)
        await directory.shutdown()
        busy.stop()
    }

    @Test("makes a login unavailable when its one server dies between search and bind, and goes on when it is back")
    func diesBetween() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        // With open connections on both sides, and without any.
        for warm in [true, false] {
            if warm { #expect(try await Self.login(provider).word == "verified") }
            let found = try #require(try await directory.find(loginName: "alice", deadline: .now + .seconds(60)))
            try slapd.kill()
            let outage = await #expect(throws: Outage.self) {
                try await directory.bind(
                    dn: found.person.dn,
                    password: SecretBytes(Array("open-alice".utf8)),
                    preferring: found.server,
                    deadline: .now + .seconds(60)
                )
            }
            #expect(outage?.kind == .unreachable)
            try await slapd.restart()
            #expect(try await Self.login(provider).word == "verified")
        }
        await directory.shutdown()
        await slapd.stop()
    }

    @Test("binds at the second server when the first dies between search and bind")
    func diesBetweenWithSecond() async throws {
        let (first, second) = (try await SlapdServer.start(), try await SlapdServer.shared())
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(first, .plain, urls: [first.ldapURL, second.ldapURL])
        )
        let found = try #require(try await directory.find(loginName: "alice", deadline: .now + .seconds(60)))
        #expect(found.server.url == first.ldapURL)
        try first.kill()
        let (outcome, server) = try await directory.bind(
            dn: found.person.dn,
            password: SecretBytes(Array("open-alice".utf8)),
            preferring: found.server,
            deadline: .now + .seconds(60)
        )
        #expect(outcome.isSuccess)
        #expect(server.url == second.ldapURL)
        await directory.shutdown()
        await first.stop()
    }

    @Test("is let go of with its probes when nobody holds it any more")
    func released() async throws {
        let slapd = try await SlapdServer.shared()
        let port = try FreePort.find()
        weak var server: DirectoryServer?
        do {
            let directory = try DirectoryFixture.directory(
                DirectoryFixture.configuration(slapd, .plain, urls: ["ldap://127.0.0.1:\(port)"]) { configuration in
                    configuration.failover.retryAfter = .milliseconds(20)
                    configuration.failover.retryAtMost = .milliseconds(20)
                }
            )
            server = directory.servers.first
            await #expect(throws: Outage.self) {
                try await directory.person(withLoginName: "alice", deadline: .now + .seconds(2))
            }
        }
        let isGone = await ProcessCensus.wait { [weak server] in server == nil }
        #expect(isGone)
    }
}
