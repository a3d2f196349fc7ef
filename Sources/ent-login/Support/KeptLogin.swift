internal import EnterpriseAuth
internal import LocalSocket

/// What `login` has kept: the session's token, and what outlives it if that was asked for.
struct KeptLogin {
    private let session: TokenFile<SessionToken>
    private let remembered: TokenFile<RememberToken>

    /// Finds the places.
    /// - Throws: `Stop` if there is no home to put them in.
    init() throws {
        session = try TokenFile("token")
        remembered = try TokenFile("remember")
    }

    /// Whether anything is kept.
    var isThere: Bool {
        get throws { try session.read() != nil || remembered.read() != nil }
    }

    /// The token of the kept session, live or not.
    /// - Returns: Nil if there is none.
    /// - Throws: `Stop` if the file cannot be read, or is not this user's alone.
    func token() throws -> SessionToken? { try session.read() }

    /// Makes the folder, so that nobody logs in for nothing.
    /// - Throws: `Stop` if it cannot be made.
    func makeRoom() throws { try session.makeRoom() }

    /// Asks by the kept session, or by the one that the remembered login opens where that is over.
    /// - Parameters:
    ///   - counterpart: Who answers.
    ///   - request: What is asked.
    /// - Returns: The answer.
    /// - Throws: `Stop` if nobody is logged in or can be, or nobody answers.
    func ask(
        _ counterpart: Counterpart,
        _ request: (SessionToken) -> LocalRequest
    ) async throws -> LocalAnswer {
        let login = try remembered.read()
        if let token = try session.read() {
            let answer = try await counterpart.ask(request(token))
            guard answer.outcome == .refused, login != nil else { return answer }
        }
        guard let login else { throw Stop.notLoggedIn }
        return try await counterpart.ask(request(try await bringBack(login, counterpart)))
    }

    /// A token by which a portal sees who asks: nil if nobody is logged in.
    func liveToken(_ counterpart: Counterpart) async -> SessionToken? {
        // Only a remembered login has to be brought back.
        if (try? remembered.read()) != nil { _ = try? await ask(counterpart) { .whoAmI($0) } }
        return try? session.read()
    }

    /// Opens a session by the remembered login, and keeps it with the token that comes next.
    private func bringBack(_ login: RememberToken, _ counterpart: Counterpart) async throws -> SessionToken {
        let answer = try await counterpart.ask(.restore(login))
        guard answer.outcome == .success, let token = answer.token, let next = answer.rememberToken else {
            if answer.outcome == .refused { try remembered.remove() }
            throw Stop(answer)
        }
        // The used one first: without its successor the next command would look like a thief's.
        try remembered.keep(next)
        try session.keep(token)
        return token
    }

    /// Keeps what a login has brought, and ends what was kept before.
    /// - Parameters:
    ///   - token: The session's token.
    ///   - login: What outlives it, if anything.
    ///   - counterpart: Who ends the other.
    /// - Throws: `Stop` if it cannot be kept; then the session is over.
    func keep(_ token: SessionToken, _ login: RememberToken?, _ counterpart: Counterpart) async throws {
        do {
            // A login at another terminal may have kept its token since; its session would be nobody's.
            if let other = try session.read() { _ = try? await counterpart.ask(.logout(other, everywhere: false)) }
            if let other = try remembered.read() { _ = try? await counterpart.ask(.forget(other)) }
            if let login { try remembered.keep(login) } else { try remembered.remove() }
            try session.keep(token)
        } catch {
            // A session that nobody holds the token of is of no use to anybody.
            _ = try? await counterpart.ask(.logout(token, everywhere: false))
            throw error
        }
    }

    /// Logs out, and forgets what is kept unless nobody could say.
    /// - Parameters:
    ///   - everywhere: Whether all sessions of the person end.
    ///   - counterpart: Who answers.
    /// - Returns: The answer.
    /// - Throws: `Stop` if nobody is logged in, or nobody answers.
    func logout(everywhere: Bool, _ counterpart: Counterpart) async throws -> LocalAnswer {
        let login = try remembered.read()
        var answer: LocalAnswer?
        if let token = try session.read() { answer = try await counterpart.ask(.logout(token, everywhere: everywhere)) }
        if let login, answer.map({ $0.outcome == .refused }) ?? true {
            if everywhere {
                let token = try await bringBack(login, counterpart)
                answer = try await counterpart.ask(.logout(token, everywhere: true))
            } else {
                answer = try await counterpart.ask(.forget(login))
            }
        }
        guard let answer else { throw Stop.notLoggedIn }
        // The token of a session that has ended before is of no use either.
        if answer.outcome == .success || (answer.outcome == .refused && !everywhere) {
            try session.remove()
            try remembered.remove()
        }
        return answer
    }
}
