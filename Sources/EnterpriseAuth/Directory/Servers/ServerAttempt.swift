internal import LDAPClient

/// What one server made of one question.
enum ServerAttempt<Answer> {
    /// It answered.
    case answer(Answer)
    /// It did not. `isServersFault`: another question would fare no better; `mayHaveActed`: it may have acted on this one.
    case silence(Outage, isServersFault: Bool, mayHaveActed: Bool)
    /// The caller went away.
    case cancelled

    /// Takes a failure of the connection.
    /// - Parameters:
    ///   - error: The failure.
    ///   - directory: The configured name of the directory.
    ///   - given: The time that the attempt was given.
    ///   - limit: The most time that one step may take.
    init(_ error: LDAPError, directory: String, given: Duration, limit: Duration) {
        guard error.reason != .cancelled else {
            self = .cancelled
            return
        }
        let isLate = error.reason == .timedOut
        // The time that others took, because all our connections were in use, is not the server's.
        let hadTime = AttemptBudget.isFair(given - error.waited, limit: limit)
        let isOverload = isLate && !hadTime && error.waited > .zero
        // Of another question as much could come back as was asked for.
        let isAboutThisOne = error.reason == .invalidRequest || error.reason == .tooLarge
        self = .silence(
            Outage(error, source: directory, isOverload: isOverload),
            isServersFault: !isAboutThisOne && (hadTime || !isLate),
            mayHaveActed: error.requestMayHaveBeenSent
        )
    }

    /// Takes a result code that answers nothing.
    init(
        code: LDAPResultCode,
        diagnostic: String,
        directory: String,
        server: DirectoryServer,
        step: String
    ) {
        let outage = Outage(code: code, diagnostic: diagnostic, source: directory, server: server.url, step: step)
        // A server that says busy or unavailable has not looked at the question; any other code is about this one only.
        let isRefusal = code == .busy || code == .unavailable
        self = .silence(outage, isServersFault: isRefusal, mayHaveActed: !isRefusal)
    }

    /// Why there is no answer.
    var outage: Outage? {
        if case .silence(let outage, _, _) = self { outage } else { nil }
    }
}
