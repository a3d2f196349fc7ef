internal import EnterpriseAuth
internal import EnterpriseAuthSQLite
internal import EnterpriseAuthTesting
internal import Foundation
internal import Logging

/// Logs people in and out on an SQLite store as fast as it can, until somebody kills it.
///
/// Each line of its output was written after what it says was acknowledged: `begun TOKEN`, `renewed OLD NEW`,
/// `ended TOKEN`. A line `ending TOKEN` or `renewing TOKEN` comes before the act: what becomes of that token, if nothing
/// follows, is open.
@main
enum StoreCrashHelper {
    static func main() async throws {
        let store = try await SQLiteSessionStore.open(CommandLine.arguments[1])
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(login: LoginSettings(providers: []), providers: [:], active: active)
        configuration.session.maxPerUser = 1_000_000
        let manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: []),
            judge: ScriptedJudge(),
            store: store
        )
        say("ready")
        await withTaskGroup(of: Void.self) { group in
            for person in 0..<8 {
                group.addTask { await work(manager, person: person) }
            }
        }
    }

    private static func work(_ manager: LoginManager, person: Int) async {
        let name = "person\(person)"
        // Nobody whom a source would have to be asked about: there is none here.
        let identity = Identity(
            userID: UserID(source: "application", value: name),
            loginName: name,
            provider: "application",
            source: .application
        )
        let user = DirectoryUser(identity: identity, groups: ["employees"], isActive: true)
        while true {
            guard var token = await begin(manager, user) else { return }
            if Int.random(in: 0..<3) == 0 {
                say("renewing \(token.text)")
                guard case .renewed(let success) = await manager.confirmLogin(token, client: .local) else { return }
                say("renewed \(token.text) \(success.token.text)")
                token = success.token
            }
            if Int.random(in: 0..<2) == 0 {
                say("ending \(token.text)")
                guard (try? await manager.logout(token, client: .local)) == true else { return }
                say("ended \(token.text)")
            }
        }
    }

    private static func begin(_ manager: LoginManager, _ user: DirectoryUser) async -> SessionToken? {
        guard case .success(let success) = await manager.login(user, client: .local) else { return nil }
        say("begun \(success.token.text)")
        return success.token
    }

    /// Writes one line in one write, so that a kill leaves whole lines or none.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
