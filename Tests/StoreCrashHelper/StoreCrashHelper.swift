internal import EnterpriseAuth
internal import EnterpriseAuthSQLite
internal import EnterpriseAuthTesting
internal import Foundation
internal import Logging

/// Logs people in and out on an SQLite store as fast as it can, until somebody kills it.
///
/// Each line of its output was written after what it says was acknowledged: `begun TOKEN`, `renewed OLD NEW`,
/// `ended TOKEN`, `remembered TOKEN`, `restored OLD NEW`, `forgotten TOKEN`. A line `ending TOKEN`, `renewing TOKEN`, `restoring TOKEN` or `forgetting TOKEN` comes before the act: what becomes of that token, if nothing
/// follows, is open.
@main
enum StoreCrashHelper {
    static func main() async throws {
        let store = try await SQLiteSessionStore.open(CommandLine.arguments[1])
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(login: LoginSettings(providers: []), providers: [:], active: active)
        configuration.session.maxPerUser = 1_000_000
        configuration.remember.enabled = true
        configuration.remember.grace = .seconds(86_400)
        let manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: []),
            judge: ScriptedJudge(),
            store: store,
            // Without one the application's people could not be remembered.
            userLoader: { DirectoryUser(identity: identity($0.value), groups: ["employees"], isActive: true) }
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
        let user = DirectoryUser(identity: identity(name), groups: ["employees"], isActive: true)
        while true {
            if Int.random(in: 0..<3) == 0 {
                guard await remember(manager, user) else { return }
            }
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

    private static func identity(_ name: String) -> Identity {
        Identity(
            userID: UserID(source: "application", value: name),
            loginName: name,
            provider: "application",
            source: .application
        )
    }

    /// Logs in to be remembered, comes back by it, and perhaps is forgotten.
    private static func remember(_ manager: LoginManager, _ user: DirectoryUser) async -> Bool {
        guard case .success(let success) = await manager.login(user, client: .local, remember: true),
            var token = success.rememberToken
        else { return false }
        say("remembered \(token.text)")
        for _ in 0..<Int.random(in: 0..<3) {
            say("restoring \(token.text)")
            guard case .restored(let success) = await manager.restore(token, client: .local),
                let next = success.rememberToken
            else { return false }
            say("restored \(token.text) \(next.text)")
            token = next
        }
        if Int.random(in: 0..<2) == 0 {
            say("forgetting \(token.text)")
            guard (try? await manager.forget(token, client: .local)) == true else { return false }
            say("forgotten \(token.text)")
        }
        return true
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
