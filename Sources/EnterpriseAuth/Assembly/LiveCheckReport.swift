/// What `check --live` found.
public struct LiveCheckReport: Sendable, Hashable, Codable {
    /// The whole in one word.
    public enum Verdict: String, Sendable, Hashable, Codable {
        /// Everything answered, and as it should.
        case good = "ok"
        /// Something is set up wrong; waiting does not help.
        case misconfigured
        /// Something does not answer.
        case unavailable
    }

    /// Something that is wrong, or looks wrong.
    public struct Finding: Sendable, Hashable, Codable {
        /// Which part, as the configuration names it, with the server where there is one.
        public let part: String
        /// What is wrong.
        public let problem: String
        /// What to do about it.
        public let fix: String
        /// Whether waiting may help.
        public let isTemporary: Bool

        enum CodingKeys: String, CodingKey {
            case part, problem, fix
            case isTemporary = "is_temporary"
        }
    }

    /// What was asked, in order, and how each step ended.
    public let steps: [DecisionStep]

    /// What is wrong; decides the verdict.
    public let problems: [Finding]

    /// What is odd and may be meant; does not change the verdict.
    public let warnings: [Finding]

    /// The whole in one word.
    public var verdict: Verdict {
        if problems.contains(where: { !$0.isTemporary }) { return .misconfigured }
        return problems.isEmpty ? .good : .unavailable
    }

    private enum CodingKeys: String, CodingKey {
        case steps, problems, warnings, verdict
    }

    init(steps: [DecisionStep], problems: [Finding], warnings: [Finding]) {
        self.steps = steps
        self.problems = problems
        self.warnings = warnings
    }

    /// Reads a report; the verdict is made anew from the problems.
    /// - Parameter decoder: Where it is read from.
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        steps = try container.decode([DecisionStep].self, forKey: .steps)
        problems = try container.decode([Finding].self, forKey: .problems)
        warnings = try container.decode([Finding].self, forKey: .warnings)
    }

    /// Writes the report, verdict included.
    /// - Parameter encoder: Where it is written to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(steps, forKey: .steps)
        try container.encode(problems, forKey: .problems)
        try container.encode(warnings, forKey: .warnings)
    }
}
