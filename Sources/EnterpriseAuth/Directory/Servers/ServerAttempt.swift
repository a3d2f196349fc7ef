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
    init(_ error: LDAPError, directory: String) {
        if error.reason == .cancelled {
            self = .cancelled
        } else {
            // Waiting in vain for one of our own connections says nothing of the server.
            self = .silence(
                Outage(error, source: directory),
                isServersFault: error.step != .lease && error.reason != .invalidRequest,
                mayHaveActed: error.requestMayHaveBeenSent
            )
        }
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
