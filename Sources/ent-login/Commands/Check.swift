internal import ArgumentParser
internal import EnterpriseAuth

/// Tells whether the configuration is right.
struct Check: AnsweringCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration file, and with --live what it names.",
        discussion: """
            All problems of the file are reported at once, each with its place and its fix. With --live the login path is \
            walked against every directory and PAM service, step by step.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Ask every directory and PAM service too.")
    var live = false

    func answer() async throws -> Answer {
        let loaded = try global.load(checkingFiles: true)
        return Answer(
            status: .success,
            lines: [Answer.Line("\(global.config): nothing is wrong", .good)],
            notes: loaded.warnings.map(Answer.Line.init),
            json: ProblemsJSON(outcome: "success", problems: loaded.warnings.map(ProblemJSON.init))
        )
    }
}
