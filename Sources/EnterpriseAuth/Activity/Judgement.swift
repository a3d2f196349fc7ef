/// A verdict with all that led to it.
struct Judgement: Sendable {
    /// The verdict.
    let verdict: ActivityVerdict
    /// The part of the rule that decided, or why nobody could say.
    let reason: String
    /// The groups that the person was found in.
    let groups: [Explanation.Group]

    /// The rule was applied.
    init(holds: Bool, reason: String, groups: [Explanation.Group]) {
        let names = Set(groups.map(\.name)).sorted()
        verdict = holds ? .active(groups: names) : .inactive(reason: reason, groups: names)
        self.reason = reason
        self.groups = groups
    }

    private init(_ verdict: ActivityVerdict, reason: String) {
        self.verdict = verdict
        self.reason = reason
        groups = []
    }

    /// No rule needed to be applied.
    static func inactive(_ reason: String) -> Judgement {
        Judgement(.inactive(reason: reason, groups: []), reason: reason)
    }

    /// Nobody could say.
    static func unavailable(_ outage: Outage) -> Judgement {
        Judgement(.unavailable(outage), reason: outage.description)
    }

    /// Everybody is active.
    static let everyone = Judgement(.active(groups: []), reason: "active.everyone")
}
