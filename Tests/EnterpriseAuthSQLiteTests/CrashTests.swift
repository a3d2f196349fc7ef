import EnterpriseAuth
import EnterpriseAuthSQLite
import EnterpriseAuthTesting
import Foundation
import Glibc
import Logging
import TestBed
import Testing

@Suite("SQLiteSessionStore: kill -9")
struct CrashTests {
    /// What a helper that was killed had said of its tokens.
    private struct Account {
        var alive: Set<String> = []
        var dead: Set<String> = []
        var open: Set<String> = []
        var remembered: Set<String> = []
        var forgotten: Set<String> = []
        /// Being used when the kill came: one that is there no more was given away, and is as good as before.
        var restoring: Set<String> = []

        mutating func read(_ output: String) {
            // What follows the last newline was cut off by the kill.
            for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                let words = line.split(separator: " ").map(String.init)
                switch words.first {
                case "begun": alive.insert(words[1])
                case "renewing", "ending":
                    alive.remove(words[1])
                    open.insert(words[1])
                case "renewed":
                    open.remove(words[1])
                    dead.insert(words[1])
                    alive.insert(words[2])
                case "ended":
                    open.remove(words[1])
                    dead.insert(words[1])
                case "remembered": remembered.insert(words[1])
                case "restoring":
                    remembered.remove(words[1])
                    restoring.insert(words[1])
                case "restored":
                    restoring.remove(words[1])
                    remembered.insert(words[2])
                case "forgetting": remembered.remove(words[1])
                case "forgotten": forgotten.insert(words[1])
                default: break
                }
            }
        }
    }

    @Test("after 50 kills in the middle of writes no acknowledged session is lost and none that ended is back")
    func killed() async throws {
        let scratch = try ScratchDirectory(name: "crash")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let helper = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("StoreCrashHelper")
        var account = Account()
        for round in 0..<50 {
            let program = try RunningProgram(helper.path, [path])
            // By what it has done, not by the clock: on a loaded machine it would do nothing in the time.
            let enough = Int.random(in: 1..<30)
            while program.output.count(where: { $0 == "\n" }) < enough {
                try await Task.sleep(for: .milliseconds(2))
            }
            try await Task.sleep(for: .microseconds(Int.random(in: 0..<5000)))
            program.signal(SIGKILL)
            _ = await program.finish()
            account.read(program.output)
            if round % 10 == 9 { try await compare(account, path) }
        }
        // A test of nothing would pass too.
        #expect(account.alive.count > 100)
        #expect(account.dead.count > 50)
        #expect(account.remembered.count > 10)
        #expect(account.forgotten.count > 5)
    }

    private func compare(_ account: Account, _ path: String) async throws {
        let store = try await SQLiteSessionStore.open(path)
        let manager = Self.manager(store)
        var lost = 0
        for text in account.alive where await session(text, manager) == nil { lost += 1 }
        #expect(lost == 0, "acknowledged sessions are lost")
        var back = 0
        for text in account.dead where await session(text, manager) != nil { back += 1 }
        #expect(back == 0, "sessions that have ended are back")
        lost = 0
        for text in account.remembered.union(account.restoring) where await !isRemembered(text, manager) { lost += 1 }
        #expect(lost == 0, "acknowledged logins are no longer remembered, or a token was burnt by the kill")
        back = 0
        for text in account.forgotten where await isRemembered(text, manager) { back += 1 }
        #expect(back == 0, "logins that were forgotten are remembered again")
        await store.close()
    }

    private func session(_ text: String, _ manager: LoginManager) async -> ResolvedSession? {
        await manager.resolve(text: text, client: .local).session
    }

    /// Whether a remember token opens a session; it is used by that, and counts as a parallel request's from then on.
    private func isRemembered(_ text: String, _ manager: LoginManager) async -> Bool {
        if case .restored = await manager.restore(text: text, client: .local) { true } else { false }
    }

    private static func manager(_ store: SQLiteSessionStore) -> LoginManager {
        var active = ActiveConfiguration()
        active.everyone = true
        // The sources are asked about nobody within this time.
        active.recheck = .seconds(86_400)
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: []),
            providers: [:],
            active: active
        )
        configuration.session.maxPerUser = 1_000_000
        configuration.remember.enabled = true
        // A round later a token that this test has used still counts as a parallel request's.
        configuration.remember.grace = .seconds(86_400)
        return LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: []),
            judge: ScriptedJudge(),
            store: store,
            userLoader: { id in
                let identity = Identity(
                    userID: id,
                    loginName: id.value,
                    provider: "application",
                    source: .application
                )
                return DirectoryUser(identity: identity, groups: ["employees"], isActive: true)
            },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
