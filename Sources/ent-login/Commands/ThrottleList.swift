internal import ArgumentParser
internal import EnterpriseAuth

/// Shows what is remembered of wrong passwords.
struct ThrottleList: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show wrong passwords by account, source and known device, those first that must wait."
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        let configuration = try global.loadConfiguration()
        return try await LoginDesk.serve(configuration) { desk in
            let entries = try await list(desk.manager)
            let note = configuration.throttle.enabled ? "Nothing is slowed down." : "The throttle is switched off."
            return Answer(
                status: .success,
                lines: entries.isEmpty ? [] : [Self.heading] + entries.map(Self.line),
                notes: entries.isEmpty ? [Answer.Line(note)] : [],
                json: ThrottleJSON(
                    enabled: configuration.throttle.enabled,
                    entries: entries.map(ThrottleEntryJSON.init)
                )
            )
        }
    }

    private func list(_ manager: LoginManager) async throws -> [ThrottleEntry] {
        do throws(Outage) {
            return try await manager.throttleEntries()
        } catch {
            throw Stop.unavailable(error)
        }
    }

    private static let heading = Answer.Line(row("WHAT", "WHO", "FAILURES", "LAST", "WAITS UNTIL", ""), .heading)

    private static func line(_ entry: ThrottleEntry) -> Answer.Line {
        let who =
            switch entry.kind {
            case .source: entry.origin
            case .account, .device, .share: entry.account == "\u{FFFD}" ? "(names in other forms)" : entry.account
            }
        return Answer.Line(
            row(
                ThrottleEntryJSON.word(entry.kind),
                who,
                "\(entry.failures)",
                entry.lastFailureAt.description,
                entry.throttledUntil?.description ?? "–",
                ""
            ),
            entry.throttledUntil == nil ? .plain : .doubtful
        )
    }

    private static func row(_ columns: String...) -> String {
        zip(columns, [9, 28, 10, 26, 26]).map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
    }
}

/// What is remembered, for programs.
struct ThrottleJSON: Encodable, Sendable {
    var outcome = "success"
    var enabled: Bool
    var entries: [ThrottleEntryJSON]
}

/// One counter, for programs.
struct ThrottleEntryJSON: Encodable, Sendable {
    var kind: String
    var account: String?
    var source: String?
    var device: String?
    var failures: Int
    var lastFailureAt: String
    var throttledUntil: String?
    var forgottenAt: String

    init(_ entry: ThrottleEntry) {
        kind = Self.word(entry.kind)
        account = entry.account.isEmpty ? nil : entry.account
        source = entry.kind == .source ? entry.origin : nil
        device = entry.kind == .device ? entry.origin : nil
        failures = entry.failures
        lastFailureAt = entry.lastFailureAt.description
        throttledUntil = entry.throttledUntil?.description
        forgottenAt = entry.forgottenAt.description
    }

    static func word(_ kind: ThrottleKey.Kind) -> String {
        switch kind {
        case .account, .share: "account"
        case .source: "source"
        case .device: "device"
        }
    }
}
