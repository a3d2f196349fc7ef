internal import ArgumentParser
internal import EnterpriseAuth

/// Ends the kept session.
struct Logout: AnsweringCommand {
    static let configuration = CommandConfiguration(abstract: "End the kept session.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "End all sessions of the person whose session is kept.")
    var all = false

    func answer() async throws -> Answer {
        let configuration = try global.loadConfiguration()
        let file = try TokenFile()
        guard let token = try file.read() else { throw Stop.notLoggedIn }
        return try await LoginDesk.serve(configuration) { desk in
            let user = all ? try await desk.session(of: token).userID : nil
            let count: Int
            do throws(Outage) {
                count = try await end(token, of: user, desk.manager)
            } catch {
                throw Stop.unavailable(error)
            }
            try file.remove()
            guard count > 0 else { throw Stop.notLoggedIn }
            return Answer(
                status: .success,
                lines: [count == 1 ? "Logged out." : "Logged out; \(count) sessions have ended."],
                json: EndedJSON(ended: count)
            )
        }
    }

    private func end(_ token: SessionToken, of user: UserID?, _ manager: LoginManager) async throws(Outage) -> Int {
        if let user { return try await manager.logoutAll(user, client: .local) }
        return try await manager.logout(token, client: .local) ? 1 : 0
    }
}

/// How many sessions have ended, for programs.
struct EndedJSON: Encodable, Sendable {
    var outcome = "success"
    var ended: Int
}
