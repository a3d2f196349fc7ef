internal import Synchronization

/// Collects what a check finds.
final class LiveCheckFindings: Sendable {
    private let found = Mutex<(problems: [LiveCheckReport.Finding], warnings: [LiveCheckReport.Finding])>(([], []))

    /// Adds something that is wrong.
    func add(_ failure: StartFailure, server: String? = nil) {
        let finding = Self.finding(failure, server)
        found.withLock { found in
            if !found.problems.contains(finding) { found.problems.append(finding) }
        }
    }

    /// Adds something that is odd and may be meant.
    func warn(_ failure: StartFailure, server: String? = nil) {
        found.withLock { $0.warnings.append(Self.finding(failure, server)) }
    }

    func report(steps: [DecisionStep]) -> LiveCheckReport {
        found.withLock { LiveCheckReport(steps: steps, problems: $0.problems, warnings: $0.warnings) }
    }

    private static func finding(_ failure: StartFailure, _ server: String?) -> LiveCheckReport.Finding {
        LiveCheckReport.Finding(
            part: server.map { "\(failure.part) (\($0))" } ?? failure.part,
            problem: failure.problem,
            fix: failure.fix,
            isTemporary: failure.isTemporary
        )
    }
}
