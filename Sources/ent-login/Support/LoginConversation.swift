internal import EnterpriseAuth
internal import HostSystem
internal import LocalSocket

/// Carries questions and answers between a login and the person at the terminal, until there is a result.
struct LoginConversation {
    let counterpart: Counterpart
    /// The token of the session that the new one takes the place of.
    let replaced: SessionToken?
    /// Whether the login is to outlive the session.
    let isRemembered: Bool

    /// Logs in.
    /// - Parameters:
    ///   - user: The user name as typed.
    ///   - password: The password as typed.
    /// - Returns: How it ended; a challenge only if nobody could answer it.
    /// - Throws: `Stop` if the person gave no answer, or nobody answers.
    func login(_ user: String, _ password: SecretBytes) async throws -> LocalAnswer {
        // What is too long is refused as such, and need not travel.
        let user = String(user.unicodeScalars.prefix(Credentials.maximumUsernameBytes + 1))
        var result = try await counterpart.ask(
            .login(user: user, password: password, replacing: replaced, remember: isRemembered)
        )
        while result.outcome == .challenge {
            guard let answers = try await answers(to: result) else { return result }
            result = try await counterpart.ask(.answer(answers))
        }
        return result
    }

    /// Asks what a stack asks.
    /// - Returns: The answers in the order of the questions; nil if there is no terminal to ask at.
    private func answers(to challenge: LocalAnswer) async throws -> [SecretBytes]? {
        var answers: [SecretBytes] = []
        var introduction = (challenge.messages ?? []).map { PlainText.escaped($0) + "\n" }.joined()
        for prompt in challenge.prompts ?? [] {
            do throws(Prompt.Failure) {
                answers.append(try await Prompt.ask(prompt.text, after: introduction, echoes: prompt.echoes))
            } catch {
                switch error {
                case .noTerminal, .noInput: return nil
                case .noAnswer, .tooLong:
                    throw Stop(Answer(.refused, outcome: "refused", note: "No answer was given."))
                }
            }
            introduction = ""
        }
        return answers
    }
}
