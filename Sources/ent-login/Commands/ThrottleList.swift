internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

/// Shows what is remembered of wrong passwords.
struct ThrottleList: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show wrong passwords by account, source and known device, those first that must wait."
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        return try await Counterpart.serve(configuration, global) { counterpart in
            let entries = try await counterpart.demand(.listThrottle).entries ?? []
            let note = configuration.throttle.enabled ? "Nothing is slowed down." : "The throttle is switched off."
            return Answer(
                status: .success,
                lines: entries.isEmpty ? [] : [Self.heading] + entries.map(Self.line),
                notes: entries.isEmpty ? [Answer.Line(note)] : [],
                json: ThrottleJSON(enabled: configuration.throttle.enabled, entries: entries)
            )
        }
    }

    private static let heading = Answer.Line(row("WHAT", "WHO", "FAILURES", "LAST", "WAITS UNTIL", ""), .heading)

    private static func line(_ entry: ThrottleRecord) -> Answer.Line {
        let name = entry.source ?? entry.account
        let shown =
            switch name {
            case "\u{FFFD}": "(names in other forms)"
            case let name? where name.hasPrefix("\u{FFFD}"): "(shared by many)"
            default: name ?? ""
            }
        return Answer.Line(
            row(
                entry.kind,
                shown,
                "\(entry.failures)",
                entry.lastFailureAt,
                entry.throttledUntil ?? "–",
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
    var entries: [ThrottleRecord]
}
