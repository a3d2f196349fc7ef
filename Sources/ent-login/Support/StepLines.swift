internal import EnterpriseAuth

extension Answer.Line {
    /// How many of several findings are shown to people; programs get all.
    private static let shownFindings = 5

    /// Shows one step of a decision: how it ended, what was done and with whom; below it what was asked and found.
    /// - Parameters:
    ///   - step: The step.
    ///   - isBrief: Whether only what went wrong is shown in full.
    /// - Returns: The lines.
    static func lines(_ step: DecisionStep, isBrief: Bool = false) -> [Answer.Line] {
        var first = padded(step.result, 14) + padded(step.step, 20) + step.target
        if step.durationMilliseconds >= 0.05 { first += "  \((step.durationMilliseconds * 10).rounded() / 10) ms" }
        if let code = step.code, code != 0 { first += "  code \(code)" }
        var lines = [Answer.Line(first, role(step.result))]
        if isBrief && lines[0].role == .plain { return lines }
        if !step.request.isEmpty { lines.append(below(step.request)) }
        let findings = step.detail.isEmpty ? [] : step.detail.split(separator: " | ")
        lines += findings.prefix(shownFindings).map { below(String($0)) }
        if findings.count > shownFindings { lines.append(below("… and \(findings.count - shownFindings) more")) }
        return lines
    }

    private static func below(_ text: String) -> Answer.Line {
        Answer.Line(String(repeating: " ", count: 14) + text, .faint)
    }

    private static func role(_ result: String) -> Role {
        switch result {
        case "unavailable": .doubtful
        case "misconfigured", "inactive": .bad
        default: .plain
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
