internal import ArgumentParser
internal import EnterpriseAuth

/// Tells whether the configuration is right.
struct Check: AnsweringCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration file, and with --live what it names.",
        discussion: """
            All problems of the file are reported at once, each with its place and its fix. With --live the login path is \
            walked against every directory and PAM service, step by step; with --verbose too, each step shows what was \
            asked and found.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Ask every directory and PAM service too.")
    var live = false

    func answer() async throws -> Answer {
        let loaded = try global.load(checkingFiles: true)
        let warnings = loaded.warnings.map(ProblemJSON.init)
        let notes = loaded.warnings.map(Answer.Line.init)
        guard live else {
            return Answer(
                status: .success,
                lines: [Answer.Line("\(global.config): nothing is wrong", .good)],
                notes: notes,
                json: ProblemsJSON(outcome: "success", problems: warnings)
            )
        }
        let limit = loaded.configuration.login.deadline
        let report = await LiveCheck(loaded.configuration, limit: limit).run()
        var answer = Answer(report, isBrief: global.verbose == 0, fileWarnings: warnings)
        answer.notes = notes + answer.notes
        return answer
    }
}

/// What was found live, for programs.
struct LiveCheckJSON: Encodable, Sendable {
    var outcome: String
    var steps: [DecisionStep]
    var problems: [LiveCheckReport.Finding]
    var warnings: [LiveCheckReport.Finding]
    var fileWarnings: [ProblemJSON]
}

extension Answer {
    init(_ report: LiveCheckReport, isBrief: Bool, fileWarnings: [ProblemJSON]) {
        let (status, outcome, last): (ExitStatus, String, Line) =
            switch report.verdict {
            case .good: (.success, "success", Line("everything answers as it should", .good))
            case .misconfigured: (.configuration, "misconfigured", Line("something is set up wrong", .bad))
            case .unavailable: (.unavailable, "unavailable", Line("something does not answer", .doubtful))
            }
        let findings =
            report.problems.map { ($0, $0.isTemporary ? Line.Role.doubtful : .bad) }
            + report.warnings.map { ($0, .doubtful) }
        self.init(
            status: status,
            lines: report.steps.flatMap { Line.lines($0, isBrief: isBrief) } + ["", last],
            notes: findings.map { finding, role in
                Line("\(finding.part): \(finding.problem) (\(finding.fix))", role)
            },
            json: LiveCheckJSON(
                outcome: outcome,
                steps: report.steps,
                problems: report.problems,
                warnings: report.warnings,
                fileWarnings: fileWarnings
            )
        )
    }
}
