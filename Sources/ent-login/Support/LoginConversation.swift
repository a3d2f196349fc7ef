internal import EnterpriseAuth
internal import HostSystem

/// Carries questions and answers between a login and the person at the terminal, until there is a result.
struct LoginConversation {
    let manager: LoginManager
    /// The token of the session that the new one takes the place of.
    let replaced: SessionToken?

    /// Logs in.
    /// - Parameter credentials: What was typed, or why no provider may see it.
    /// - Returns: How it ended; a challenge only if nobody could answer it.
    /// - Throws: `Stop` if the person gave no answer.
    func login(_ credentials: Result<Credentials, CredentialsProblem>) async throws -> LoginResult {
        var result: LoginResult
        switch credentials {
        case .success(let credentials):
            result = await manager.login(credentials, client: .local, replacing: replaced)
        case .failure(let problem):
            result = await manager.refuse(problem, client: .local)
        }
        while case .challenge(let challenge) = result {
            guard let answers = try await answers(to: challenge) else { return result }
            let response = ChallengeResponse(
                challengeID: challenge.id,
                provider: challenge.provider,
                answers: answers
            )
            result = await manager.answer(response, client: .local, replacing: replaced)
        }
        return result
    }

    /// Asks what a stack asks.
    /// - Returns: The answers in the order of the questions; nil if there is no terminal to ask at.
    private func answers(to challenge: Challenge) async throws -> [SecretBytes]? {
        var answers: [SecretBytes] = []
        var introduction = challenge.messages.map { PlainText.escaped($0) + "\n" }.joined()
        for prompt in challenge.prompts {
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
