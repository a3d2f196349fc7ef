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
    ///   - waitsForOthers: Whether waiting in vain for a connection says nothing of the server, because connections are
    ///     lent to one at a time; a shared one is waited for only while it is being opened.
    ///   - hadTime: Whether the attempt was given time enough for silence to be the server's fault.
    init(_ error: LDAPError, directory: String, waitsForOthers: Bool, hadTime: Bool) {
        guard error.reason != .cancelled else {
            self = .cancelled
            return
        }
        let isOurs = error.step == .lease && waitsForOthers
        self = .silence(
            Outage(error, source: directory, isOverload: isOurs),
            isServersFault: !isOurs && error.reason != .invalidRequest && (hadTime || error.reason != .timedOut),
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
