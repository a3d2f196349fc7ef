internal import EnterpriseAuth
internal import LocalSocket

/// A new session, for programs.
struct LoginJSON: Encodable, Sendable {
    var outcome = "success"
    var user: PersonRecord
    var session: SessionRecord
    var notices: [NoticeRecord]
}

extension Counterpart {
    /// Tells how a login ended, and keeps the tokens if there are any.
    /// - Parameters:
    ///   - result: How it ended.
    ///   - kept: Where they are kept.
    ///   - isRemembered: Whether the login was to outlive the session.
    /// - Returns: The answer.
    /// - Throws: `Stop` if the token cannot be kept; then the session is over.
    func answer(to result: LocalAnswer, keeping kept: KeptLogin, remember isRemembered: Bool) async throws -> Answer {
        switch result.outcome {
        case .success:
            guard let token = result.token, let user = result.user, let session = result.session else {
                throw Stop(Answer(.internalError, outcome: "internal_error", note: "The answer has no session in it."))
            }
            try await kept.keep(token, result.rememberToken, self)
            var answer = Self.answer(user, session, result.notices ?? [])
            if isRemembered, result.rememberToken == nil {
                answer.notes.append(Answer.Line("This login ends with its session.", .doubtful))
            }
            return answer
        case .challenge:
            let question = (result.prompts ?? []).map(\.text).joined(separator: " ")
            return Answer(
                .refused,
                outcome: "challenge",
                note: "The login asks for more than a password (\(question)), and there is no terminal to ask at."
            )
        case .passwordChangeRequired, .refused, .unavailable, .misconfigured, .invalidRequest:
            return Stop(result).answer
        }
    }

    private static func answer(_ user: PersonRecord, _ session: SessionRecord, _ notices: [NoticeRecord]) -> Answer {
        let name = user.displayName.map { "\(user.loginName) (\($0))" } ?? user.loginName
        return Answer(
            status: .success,
            lines: [Answer.Line("Logged in as \(name).", .good)],
            notes: notices.map { Answer.Line($0.text, .doubtful) },
            json: LoginJSON(user: user, session: session, notices: notices)
        )
    }
}
