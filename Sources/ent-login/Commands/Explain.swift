internal import ArgumentParser
internal import EnterpriseAuth

/// Shows every step by which a person would be let in or not.
struct Explain: AnsweringCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every step by which a person would be let in or not.",
        discussion: "No password is asked for: the answer is what a login with the right one would come to."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Who, as it would be typed.")
    var user: String

    func answer() async throws -> Answer {
        let configuration = try global.loadConfiguration()
        let assembly = try GlobalOptions.assemble(configuration)
        let explanation = await assembly.explain(user, deadline: .now + configuration.login.deadline)
        await assembly.shutdown()
        return Answer(explanation)
    }
}

/// An explanation, for programs.
struct ExplanationJSON: Encodable, Sendable {
    var outcome: String
    var steps: [DecisionStep]
    var decision: Explanation.Decision
}

extension Answer {
    init(_ explanation: Explanation) {
        let decision = explanation.decision
        let (status, outcome, role): (ExitStatus, String, Line.Role) =
            switch decision.outcome {
            case .active: (.success, "success", .good)
            case .unavailable: (.unavailable, "unavailable", .doubtful)
            case .passwordChangeRequired: (.refused, "password_change_required", .bad)
            case .inactive, .refused, .unknown: (.refused, "refused", .bad)
            }
        var lines = explanation.steps.flatMap { Line.lines($0) }
        lines.append("")
        lines.append(Line("\(decision.outcome.rawValue): \(decision.reason)", role))
        if let id = decision.userID { lines.append("  id:       \(id)") }
        if let name = decision.loginName { lines.append("  name:     \(name)") }
        if let dn = decision.dn { lines.append("  entry:    \(dn)") }
        if let account = decision.account { lines.append("  account:  \(account)") }
        for group in decision.groups {
            let way = group.via.isEmpty ? "" : "  through \(group.via.joined(separator: " > "))"
            lines.append("  group:    \(group.name)\(way)")
        }
        let json = ExplanationJSON(outcome: outcome, steps: explanation.steps, decision: decision)
        self.init(status: status, lines: lines, json: json)
    }
}
