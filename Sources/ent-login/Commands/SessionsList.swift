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
            let selection = user.map(SessionSelection.init(user:)) ?? .all
            let sessions = try await desk.sessions(selection)
            let remembered = try await desk.rememberedLogins(selection)
            // A remembered login shows by its session while there is one.
            let open = Set(sessions.compactMap(\.series))
            let lines = sessions.map(Self.line) + remembered.filter { !open.contains($0.id) }.map(Self.line)
            return Answer(
                status: .success,
                lines: lines.isEmpty ? [] : [Self.heading] + lines,
                notes: lines.isEmpty ? ["Nobody is logged in."] : [],
                json: SessionsJSON(
                    sessions: sessions.map(ListedSessionJSON.init),
                    remembered: remembered.map(RememberedLoginJSON.init)
                )
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
                place(session.client) + (session.series == nil ? "" : ", remembered")
            )
        )
    }

    private static func line(_ series: RememberSeries) -> Answer.Line {
        Answer.Line(
            row(
                series.id.description,
                series.identity.loginName,
                series.createdAt.description,
                series.usedAt.description,
                series.expiresAt.description,
                place(series.client) + ", remembered, no session"
            )
        )
    }

    private static func place(_ client: SessionClient) -> String {
        client.kind == .local ? "command line" : client.address ?? "unknown"
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
    var remembered: [RememberedLoginJSON]
}

/// A login that is remembered, for programs; `sessions end` takes its id.
struct RememberedLoginJSON: Encodable, Sendable {
    var id: String
    var userId: String
    var loginName: String
    var createdAt: String
    var usedAt: String
    var expiresAt: String
    var address: String?
    var userAgent: String?

    init(_ series: RememberSeries) {
        (id, createdAt) = (series.id.description, series.createdAt.description)
        (usedAt, expiresAt) = (series.usedAt.description, series.expiresAt.description)
        (userId, loginName) = (series.identity.userID.rawValue, series.identity.loginName)
        (address, userAgent) = (series.client.address, series.client.userAgent)
    }
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

    /// Remembered logins.
    /// - Parameter selection: Whose.
    /// - Returns: The remembered logins, the one that was used last first.
    /// - Throws: `Stop` if the store cannot say.
    func rememberedLogins(_ selection: SessionSelection) async throws -> [RememberSeries] {
        do throws(Outage) {
            return try await manager.rememberedLogins(selection)
        } catch {
            throw Stop.unavailable(error)
        }
    }
}
