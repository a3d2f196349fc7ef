internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

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
        let configuration = try global.loadConfigurationForPortal()
        let selection = user.map(SessionSelection.init(user:)) ?? (all ? .all : .ids(ids))
        return try await Counterpart.serve(configuration, global) { counterpart in
            let token = await counterpart.ownToken()
            var (ended, unknown): (Int, [String]) = (0, [])
            for part in Self.parts(of: selection) {
                let answer = try await counterpart.ask(.endSessions(part, token: token))
                guard let count = answer.ended else { throw Stop(answer) }
                ended += count
                unknown += answer.unknown ?? []
            }
            return answer(ended: ended, unknown: unknown)
        }
    }

    /// What fits one request each.
    private static func parts(of selection: SessionSelection) -> [SessionSelection] {
        guard case .ids(let ids) = selection else { return [selection] }
        let all = Set(ids).sorted()
        return stride(from: 0, to: all.count, by: 1000).map { .ids(Array(all[$0..<min($0 + 1000, all.count)])) }
    }

    private static func sessionID(from text: String) throws -> SessionID {
        guard let id = SessionID(text) else { throw ValidationError("An id has 32 digits 0-9 and a-f.") }
        return id
    }

    private func answer(ended: Int, unknown: [String]) -> Answer {
        let word = ended == 1 ? "session has" : "sessions have"
        return Answer(
            status: unknown.isEmpty ? .success : .refused,
            lines: ["\(ended) \(word) ended."],
            notes: unknown.map { Answer.Line("There is no session \($0).", .bad) },
            json: SessionsEndJSON(
                outcome: unknown.isEmpty ? "success" : "refused",
                ended: ended,
                unknown: unknown
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
