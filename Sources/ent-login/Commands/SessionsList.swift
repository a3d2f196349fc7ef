internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

/// Shows live sessions.
struct SessionsList: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show live sessions, the newest first."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Whose only: a login name, or an id as whoami shows it.")
    var user: String?

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        return try await Counterpart.serve(configuration, global) { counterpart in
            let token = await counterpart.ownToken()
            let answer = try await counterpart.demand(.listSessions(of: user, token: token))
            let (sessions, remembered) = (answer.sessions ?? [], answer.remembered ?? [])
            // A remembered login shows by its session while there is one.
            let open = Set(sessions.compactMap(\.session.remembered))
            let lines = sessions.map(Self.line) + remembered.filter { !open.contains($0.id) }.map(Self.line)
            return Answer(
                status: .success,
                lines: lines.isEmpty ? [] : [Self.heading] + lines,
                notes: lines.isEmpty ? ["Nobody is logged in."] : [],
                json: SessionsJSON(sessions: sessions, remembered: remembered)
            )
        }
    }

    private static let heading = Answer.Line(
        row("SESSION", "USER", "SINCE", "LAST USED", "UNTIL", "FROM"),
        .heading
    )

    private static func line(_ listed: ListedSession) -> Answer.Line {
        let session = listed.session
        return Answer.Line(
            row(
                session.id,
                listed.user.loginName,
                session.createdAt,
                session.lastSeenAt,
                session.expiresAt,
                place(session.door, session.address) + (session.remembered == nil ? "" : ", remembered")
            )
        )
    }

    private static func line(_ login: RememberedLoginRecord) -> Answer.Line {
        Answer.Line(
            row(
                login.id,
                login.loginName,
                login.createdAt,
                login.usedAt,
                login.expiresAt,
                place(login.door, login.address) + ", remembered, no session"
            )
        )
    }

    private static func place(_ door: String, _ address: String?) -> String {
        door == "local" ? "command line" : address ?? "unknown"
    }

    private static func row(_ columns: String...) -> String {
        zip(columns, [34, 16, 26, 26, 26, 0]).map { text, width in
            text + String(repeating: " ", count: max(width == 0 ? 0 : 1, width - text.count))
        }.joined()
    }
}

/// Live sessions, for programs.
struct SessionsJSON: Encodable, Sendable {
    var outcome = "success"
    var sessions: [ListedSession]
    var remembered: [RememberedLoginRecord]
}
