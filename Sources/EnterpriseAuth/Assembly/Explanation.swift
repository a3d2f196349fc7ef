/// Every step by which a person would be let in or not, without a password: what `ent-login explain` shows.
public struct Explanation: Sendable, Hashable, Codable {
    /// What a login with the right password would come to.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// Logged in.
        case active
        /// Right password, and the group rules do not hold.
        case inactive
        /// Right password, active, and the password must be changed first.
        case passwordChangeRequired = "password_change_required"
        /// The source says no, whatever the password.
        case refused
        /// No provider knows the name.
        case unknown
        /// Nobody could say.
        case unavailable
    }

    /// A group and the way that led to it.
    public struct Group: Sendable, Hashable, Codable {
        /// The group's name.
        public let name: String
        /// The group's entry; nil for a local group.
        public let dn: String?
        /// The names of the groups that led there, the direct one first; empty for a direct membership.
        public let via: [String]
    }

    /// The end of it.
    public struct Decision: Sendable, Hashable, Codable {
        /// What a login with the right password would come to.
        public var outcome: Outcome
        /// Which part of which rule, or which attribute, decided.
        public var reason: String
        /// The provider that knows the person.
        public var provider: String?
        /// Who it is, for ever.
        public var userID: String?
        /// The login name as the source spells it.
        public var loginName: String?
        /// The person's entry.
        public var dn: String?
        /// The state of the account.
        public var account: String?
        /// The groups that the person is in.
        public var groups: [Group] = []

        enum CodingKeys: String, CodingKey {
            case outcome, reason, provider, dn, account, groups
            case userID = "user_id"
            case loginName = "login_name"
        }
    }

    /// The steps in the order in which they ended.
    public let steps: [DecisionStep]

    /// The end of it.
    public let decision: Decision
}

extension LoginAssembly {
    /// Goes through a login without a password and writes every step down.
    ///
    /// The providers are asked in order, as a login asks them: is the name known, what state is the account in, which
    /// groups is the person in and by which way, and which part of the rule decides.
    /// - Parameters:
    ///   - username: The name as somebody would type it.
    ///   - deadline: When to give up.
    /// - Returns: The steps and the decision.
    public func explain(_ username: String, deadline: ContinuousClock.Instant) async -> Explanation {
        let trace = DecisionTrace()
        let (decision, _) = await DecisionTrace.$current.withValue(trace) {
            await Explainer(assembly: self, deadline: deadline).decide(username)
        }
        return Explanation(steps: trace.steps, decision: decision)
    }
}
