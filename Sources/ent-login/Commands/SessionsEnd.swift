internal import ArgumentParser
internal import EnterpriseAuth

/// Ends sessions of anybody.
struct SessionsEnd: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End sessions: those named, a person's, or everybody's."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("The sessions, as sessions list shows them.", valueName: "id"),
        transform: Self.sessionID(from:)
    )
    var ids: [SessionID] = []

    @Option(help: "All sessions of this person: a login name, or an id as whoami shows it.")
    var user: String?

    @Flag(help: "All sessions of everybody.")
    var all = false

    func validate() throws {
        guard [!ids.isEmpty, user != nil, all].count(where: { $0 }) == 1 else {
            throw ValidationError("Say which sessions: their ids, --user USER, or --all.")
        }
    }

    func answer() async throws -> Answer {
        let configuration = try global.loadConfiguration()
        let selection = user.map(SessionSelection.init(user:)) ?? (all ? .all : .ids(ids))
        return try await LoginDesk.serve(configuration) { desk in
            let sessions = try await desk.sessions(selection)
            let open = Set(sessions.compactMap(\.series))
            let remembered = try await desk.rememberedLogins(selection).filter { !open.contains($0.id) }
            do throws(Outage) {
                try await desk.manager.end(selection, client: .local)
            } catch {
                throw Stop.unavailable(error)
            }
            return answer(sessions.map(\.id) + remembered.map(\.id))
        }
    }

    private static func sessionID(from text: String) throws -> SessionID {
        guard let id = SessionID(text) else { throw ValidationError("An id has 32 digits 0-9 and a-f.") }
        return id
    }

    /// Remembered logins without a session have ids too, and count as one.
    private func answer(_ ended: [SessionID]) -> Answer {
        let unknown = Set(ids).subtracting(ended).sorted()
        let word = ended.count == 1 ? "session has" : "sessions have"
        return Answer(
            status: unknown.isEmpty ? .success : .refused,
            lines: ["\(ended.count) \(word) ended."],
            notes: unknown.map { Answer.Line("There is no session \($0).", .bad) },
            json: SessionsEndJSON(
                outcome: unknown.isEmpty ? "success" : "refused",
                ended: ended.count,
                unknown: unknown.map(\.description)
            )
        )
    }
}

/// What has ended, for programs.
struct SessionsEndJSON: Encodable, Sendable {
    var outcome: String
    var ended: Int
    var unknown: [String]
}
