/// What a command found out: for people, for programs, and as an exit code.
struct Answer {
    /// One line for people; what is in it is escaped when it is shown.
    struct Line: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        enum Role { case plain, heading, good, bad, doubtful, faint }

        var text: String
        var role: Role

        init(_ text: String, _ role: Role = .plain) {
            (self.text, self.role) = (text, role)
        }

        init(stringLiteral text: String) {
            self.init(text)
        }
    }

    var status: ExitStatus
    /// For people, on the standard output: what was asked for.
    var lines: [Line] = []
    /// For people, on the standard error: why it is not there, and what else they should know.
    var notes: [Line] = []
    /// For programs, on the standard output: one JSON object with a key `outcome`.
    var json: any Encodable & Sendable
}

/// The JSON object of an answer that has nothing to say but how it ended.
struct PlainJSON: Encodable, Sendable {
    var outcome: String
    var message: String?
}

extension Answer {
    /// An answer whose JSON has an outcome and a message only.
    init(_ status: ExitStatus, outcome: String, note: String) {
        let role: Line.Role =
            switch status {
            case .success: .plain
            case .unavailable: .doubtful
            case .usage, .internalError, .refused, .configuration: .bad
            }
        self.init(status: status, notes: [Line(note, role)], json: PlainJSON(outcome: outcome, message: note))
    }
}

/// An answer that ends a command early.
struct Stop: Error {
    let answer: Answer

    init(_ answer: Answer) {
        self.answer = answer
    }
}
