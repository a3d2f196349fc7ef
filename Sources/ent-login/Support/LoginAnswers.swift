internal import EnterpriseAuth
internal import Logging

/// A new session, for programs.
struct LoginJSON: Encodable, Sendable {
    var outcome = "success"
    var user: PersonJSON
    var session: SessionJSON
    var notices: [NoticeJSON]
}

/// What the source wants the person to know, for programs.
struct NoticeJSON: Encodable, Sendable {
    var kind: String
    var seconds: Int64?
    var remaining: Int?
    var text: String

    init(_ notice: CredentialNotice) {
        switch notice {
        case .expires(let time):
            (kind, seconds) = ("password_expires", time.components.seconds)
            text = "The password expires in \(Self.inWords(time.components.seconds))."
        case .graceLogins(let remaining):
            (kind, self.remaining) = ("grace_logins", remaining)
            text = "The password has expired; it can be used \(remaining) more \(remaining == 1 ? "time" : "times")."
        case .message(let message):
            (kind, text) = ("message", message)
        }
    }

    private static func inWords(_ seconds: Int64) -> String {
        for (unit, length) in [("day", 86_400), ("hour", 3600), ("minute", 60)] as [(String, Int64)]
        where seconds >= length {
            let count = seconds / length
            return "\(count) \(unit)\(count == 1 ? "" : "s")"
        }
        return "less than a minute"
    }
}

extension LoginDesk {
    /// Tells how a login ended, and keeps the token if there is one.
    /// - Parameters:
    ///   - result: How it ended.
    ///   - file: Where the token is kept.
    /// - Returns: The answer.
    /// - Throws: `Stop` if the token cannot be kept; then the session is over.
    func answer(to result: LoginResult, keepingTokenIn file: TokenFile) async throws -> Answer {
        switch result {
        case .success(let success):
            do {
                // A login at another terminal may have kept its token since; its session would be nobody's. The store is
                // this command's own here, so that no third one can come in between.
                if let other = try file.read() { _ = try? await manager.logout(other, client: .local) }
                try file.keep(success.token)
            } catch {
                // A session that nobody holds the token of is of no use to anybody.
                _ = try? await manager.logout(success.token, client: .local)
                throw error
            }
            return answer(to: success)
        case .challenge(let challenge):
            let question = challenge.prompts.map(\.text).joined(separator: " ")
            return Answer(
                .refused,
                outcome: "challenge",
                note: "The login asks for more than a password (\(question)), and there is no terminal to ask at."
            )
        case .passwordChangeRequired:
            return Answer(.refused, outcome: "password_change_required", note: "The password must be changed.")
        case .refused:
            return Answer(.refused, outcome: "refused", note: Refusal.publicText)
        case .unavailable:
            return Answer(.unavailable, outcome: "unavailable", note: Outage.publicText)
        }
    }

    private func answer(to success: LoginSuccess) -> Answer {
        let identity = success.session.identity
        let name = identity.displayName.map { "\(identity.loginName) (\($0))" } ?? identity.loginName
        let notices = success.notices.map(NoticeJSON.init)
        return Answer(
            status: .success,
            lines: [Answer.Line("Logged in as \(name).", .good)],
            notes: notices.map { Answer.Line($0.text, .doubtful) },
            json: LoginJSON(
                user: PersonJSON(success.session),
                session: SessionJSON(success.session),
                notices: notices
            )
        )
    }
}
