internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

/// Makes the throttle forget.
struct ThrottleClear: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Forget wrong passwords: those for a name, those from a source, or all."
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "Those for this login name, known devices included.")
    var user: String?

    @Option(help: "Those from the network of this address.")
    var source: String?

    @Flag(help: "All of them.")
    var all = false

    func validate() throws {
        guard [user != nil, source != nil, all].count(where: { $0 }) == 1 else {
            throw ValidationError("Say which: --user USER, --source ADDRESS, or --all.")
        }
    }

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        let selection = user.map(ThrottleSelection.user) ?? source.map(ThrottleSelection.source) ?? .all
        return try await Counterpart.serve(configuration, global) { counterpart in
            let count = try await counterpart.demand(.clearThrottle(selection)).cleared ?? 0
            return Answer(
                status: .success,
                lines: ["\(count) \(count == 1 ? "counter has" : "counters have") been cleared."],
                json: ThrottleClearJSON(cleared: count)
            )
        }
    }
}

/// What has been forgotten, for programs.
struct ThrottleClearJSON: Encodable, Sendable {
    var outcome = "success"
    var cleared: Int
}
