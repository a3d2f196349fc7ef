internal import ArgumentParser
internal import EnterpriseAuth

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
        let configuration = try global.loadConfiguration()
        return try await LoginDesk.serve(configuration) { desk in
            let sessions = try await desk.sessions(user.map(SessionSelection.init(user:)) ?? .all)
            return Answer(
                status: .success,
                lines: sessions.isEmpty ? [] : [Self.heading] + sessions.map(Self.line),
                notes: sessions.isEmpty ? ["Nobody is logged in."] : [],
                json: SessionsJSON(sessions: sessions.map(ListedSessionJSON.init))
            )
        }
    }

    private static let heading = Answer.Line(
        row("SESSION", "USER", "SINCE", "LAST USED", "UNTIL", "FROM"),
        .heading
    )

    private static func line(_ session: Session) -> Answer.Line {
        Answer.Line(
            row(
                session.id.description,
                session.identity.loginName,
                session.createdAt.description,
                session.lastSeenAt.description,
                session.expiresAt.description,
                session.client.kind == .local ? "command line" : session.client.address ?? "unknown"
            )
        )
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
    var sessions: [ListedSessionJSON]
}

/// A live session with its person, for programs.
struct ListedSessionJSON: Encodable, Sendable {
    var user: PersonJSON
    var session: SessionJSON

    init(_ session: Session) {
        (user, self.session) = (PersonJSON(session), SessionJSON(session))
    }
}

extension SessionSelection {
    /// The sessions of a person: ids hold a colon, login names do not.
    init(user: String) {
        self = user.contains(":") ? .user(UserID(rawValue: user)) : .loginName(user)
    }
}

extension LoginDesk {
    /// Live sessions.
    /// - Parameter selection: Which.
    /// - Returns: The sessions, the newest first.
    /// - Throws: `Stop` if the store cannot say.
    func sessions(_ selection: SessionSelection) async throws -> [Session] {
        do throws(Outage) {
            return try await manager.sessions(selection)
        } catch {
            throw Stop.unavailable(error)
        }
    }
}
