extension ProviderConformanceSuite {
    /// One row of the table.
    public struct Scenario: Sendable, Hashable, CustomStringConvertible {
        /// What is asked of the provider.
        enum Question: Sendable, Hashable {
            /// One login with what was typed, byte for byte.
            case login(username: [UInt8], password: [UInt8])
            /// A wrong password, then the right one.
            case wrongThenRight(Person)
            /// Many logins at once, right and wrong ones.
            case crowd(Person, others: [Person])
            /// A login whose time is over.
            case pastDeadline(Person)
            /// A login whose caller has gone.
            case cancelled(Person)
            /// An answer to a challenge that nobody has asked.
            case strayAnswer
            /// A login, then a look at the account without the password.
            case recheck(Person)
        }

        /// What it is about, as a sentence.
        public let name: String
        /// What the backend must be able to do.
        public let needs: Set<Trait>
        /// The outcomes that are right, one of them for each observation.
        public let expected: Set<Outcome>
        /// The login name that the identity must have.
        public let loginName: String?

        let question: Question

        /// The sentence.
        public var description: String { name }
    }

    /// What came of a scenario.
    public struct Result: Sendable, CustomStringConvertible {
        /// One login and what it came to.
        public struct Observation: Sendable, Hashable {
            /// The outcome.
            public let outcome: Outcome
            /// What the provider said to the operator.
            public let detail: String
            /// The login name of the identity, if there is one.
            public let loginName: String?
            /// The id of the identity, if there is one.
            public let userID: String?
        }

        /// The scenario.
        public let scenario: Scenario
        /// What was seen.
        public let observations: [Observation]

        /// Whether every outcome was an expected one, with the expected name and one id.
        public var hasPassed: Bool {
            let ids = Set(observations.compactMap(\.userID))
            let names = observations.compactMap(\.loginName)
            return !observations.isEmpty
                && observations.allSatisfy { scenario.expected.contains($0.outcome) }
                && (scenario.loginName == nil || ids.count <= 1)
                && names.allSatisfy { name in scenario.loginName.map { name.utf8.elementsEqual($0.utf8) } ?? true }
        }

        /// One line: the sentence, what was expected, what was seen.
        public var description: String {
            let expected = scenario.expected.map(\.rawValue).sorted().joined(separator: " or ")
            let seen = observations.map { "\($0.outcome.rawValue) [\($0.loginName ?? "-")] \($0.detail)" }
            return "\(scenario.name): expected \(expected), saw \(seen.joined(separator: "; "))"
        }
    }
}
