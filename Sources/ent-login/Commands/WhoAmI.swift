internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

/// Tells whose the kept session is.
struct WhoAmI: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Show whose the kept session is."
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        let kept = try KeptLogin()
        guard try kept.isThere else { throw Stop.notLoggedIn }
        return try await Counterpart.serve(configuration, global) { counterpart in
            let answer = try await kept.ask(counterpart) { .whoAmI($0) }
            guard answer.outcome == .success else { throw Stop(answer) }
            guard let user = answer.user, let session = answer.session, let isFresh = answer.isFresh else {
                throw Stop(Answer(.internalError, outcome: "internal_error", note: "The answer has no session in it."))
            }
            return Answer(
                status: .success,
                lines: Self.lines(user, session),
                json: WhoAmIJSON(user: user, session: session, isFresh: isFresh)
            )
        }
    }

    private static func lines(_ user: PersonRecord, _ session: SessionRecord) -> [Answer.Line] {
        var lines: [Answer.Line] = [Answer.Line(user.loginName, .heading)]
        if let name = user.displayName { lines.append("  name:     \(name)") }
        if let email = user.email { lines.append("  mail:     \(email)") }
        lines.append("  id:       \(user.id)")
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
    var user: PersonRecord
    var session: SessionRecord
    var isFresh: Bool
}
