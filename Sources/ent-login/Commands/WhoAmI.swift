internal import ArgumentParser
internal import EnterpriseAuth
internal import Logging

/// Tells whose the kept session is.
struct WhoAmI: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Show whose the kept session is."
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        let configuration = try global.loadConfiguration()
        guard let token = try TokenFile().read() else { throw Stop.notLoggedIn }
        return try await LoginDesk.serve(configuration) { desk in
            let session = try await desk.session(of: token)
            return Answer(
                status: .success,
                lines: Self.lines(session),
                json: WhoAmIJSON(
                    user: PersonJSON(session.session),
                    session: SessionJSON(session.session),
                    isFresh: session.isFresh
                )
            )
        }
    }

    private static func lines(_ session: ResolvedSession) -> [Answer.Line] {
        let user = session.directoryUser
        var lines: [Answer.Line] = [Answer.Line(user.loginName, .heading)]
        if let name = user.displayName { lines.append("  name:     \(name)") }
        if let email = user.email { lines.append("  mail:     \(email)") }
        lines.append("  id:       \(session.userID)")
        lines.append("  groups:   \(user.groups.isEmpty ? "none" : user.groups.joined(separator: ", "))")
        lines.append("  session:  \(session.id)")
        lines.append("  since:    \(session.createdAt)")
        lines.append("  until:    \(session.expiresAt) at the latest")
        return lines
    }
}

/// The kept session, for programs.
struct WhoAmIJSON: Encodable, Sendable {
    var outcome = "success"
    var user: PersonJSON
    var session: SessionJSON
    var isFresh: Bool
}

extension LoginDesk {
    /// The live session of the kept token.
    /// - Parameter token: The token.
    /// - Returns: The session.
    /// - Throws: `Stop` if there is none, or nobody can say.
    func session(of token: SessionToken) async throws -> ResolvedSession {
        switch await manager.resolve(token, client: .local) {
        case .active(let session): return session
        case .anonymous: throw Stop.notLoggedIn
        case .unavailable(let outage):
            Logger(label: "ent-login").warning("\(outage)")
            throw Stop(Answer(.unavailable, outcome: "unavailable", note: Outage.publicText))
        }
    }
}
