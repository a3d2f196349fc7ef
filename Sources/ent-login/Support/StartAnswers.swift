internal import EnterpriseAuth

/// Something that keeps a login from starting, for programs.
struct StartFailureJSON: Encodable, Sendable {
    var part: String
    var problem: String
    var fix: String
    var isTemporary: Bool

    init(_ failure: StartFailure) {
        (part, problem, fix, isTemporary) = (failure.part, failure.problem, failure.fix, failure.isTemporary)
    }
}

extension Stop {
    /// Everything that keeps a login from starting: a mistake, or an outage if it is nothing else.
    init(_ failures: [StartFailure]) {
        struct FailuresJSON: Encodable, Sendable { var outcome: String, failures: [StartFailureJSON] }
        let isTemporary = failures.allSatisfy(\.isTemporary)
        let outcome = isTemporary ? "unavailable" : "misconfigured"
        self.init(
            Answer(
                status: isTemporary ? .unavailable : .configuration,
                notes: failures.map { Answer.Line($0.description, $0.isTemporary ? .doubtful : .bad) },
                json: FailuresJSON(outcome: outcome, failures: failures.map(StartFailureJSON.init))
            )
        )
    }

    /// An outage, told to an operator with its reason.
    static func unavailable(_ outage: Outage) -> Stop {
        Stop(Answer(.unavailable, outcome: "unavailable", note: "\(outage)"))
    }

    /// There is no session that a command could be about.
    static var notLoggedIn: Stop {
        Stop(Answer(.refused, outcome: "refused", note: "You are not logged in."))
    }
}
