internal import HostCrypto

/// What lets attempts through, and hears what became of them.
protocol ThrottleEngine: Sendable {
    /// Lets an attempt through, or not.
    /// - Parameters:
    ///   - subject: Whose failures it would be.
    ///   - password: The code of the password; nil if it is none.
    ///   - deadline: When to give up waiting for others.
    /// - Returns: Whether it may ask, and if so the ticket with which it comes back.
    nonisolated(nonsending) func admit(
        _ subject: ThrottleSubject,
        password: SHA256Digest?,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission

    /// Hears what became of an attempt; every ticket comes back once.
    /// - Parameters:
    ///   - ticket: The attempt.
    ///   - result: What it was.
    ///   - deadline: When to go on without knowing whether the store has heard of it.
    nonisolated(nonsending) func settle(
        _ ticket: ThrottleTicket,
        _ result: ThrottleResult,
        until deadline: ContinuousClock.Instant
    ) async

    /// Every counter that an operator may see.
    func entries() async throws(Outage) -> [ThrottleEntry]

    /// Forgets counters.
    /// - Returns: How many there were that an operator could see.
    func clear(_ selection: ThrottleSelection) async throws(Outage) -> Int

    /// Forgets what is over; tells the store what it has not heard yet.
    func sweep() async

    /// Tells the store what it has not heard yet, for the last time.
    func close(until deadline: ContinuousClock.Instant) async
}

/// Whether an attempt is let through.
enum ThrottleAdmission: Sendable {
    case admitted(ThrottleTicket)
    /// No provider may be asked; why, in one word for the metrics and one line for the operator.
    case throttled(by: String, detail: String)
    case unavailable(Outage)
}

/// What an attempt turned out to be.
enum ThrottleResult: Sendable {
    /// A wrong password, or an unknown name.
    case guess
    /// The same, but a provider that might have called the password right did not answer.
    ///
    /// It counts, because another one has looked at it, and is not remembered as wrong.
    case doubtfulGuess
    /// The right password of an active person.
    case success
    /// The right password, of somebody who may not log in with it.
    case right
    /// Nobody knows: an outage, a no for another reason, a further question.
    case neither
    /// Its caller went away after the password had been shown, and before the answer.
    ///
    /// It counts, because the source may have counted it: otherwise whoever hangs up in time could lock people out there.
    case abandoned

    /// Whether it counts as a failure.
    var isFailure: Bool {
        switch self {
        case .guess, .doubtfulGuess, .abandoned: true
        case .success, .right, .neither: false
        }
    }

    /// Whether the password is right.
    var isRight: Bool {
        switch self {
        case .success, .right: true
        case .guess, .doubtfulGuess, .neither, .abandoned: false
        }
    }
}

/// An attempt on its way.
struct ThrottleTicket: Sendable {
    let subject: ThrottleSubject
    var password: SHA256Digest?
    /// Those who have brought the same password at the same time.
    var flight: UInt64?
    /// The counters among whose pending attempts it is; none if its very password has just been found right.
    var places: [ThrottleKey] = []
    /// What was counted in advance, as it was before, and when.
    var before: [ThrottleKey: ThrottleCount] = [:]
    var countedAt: Int64 = 0
    /// How many failures were remembered when it was let through.
    var failuresBefore = 0
}

extension ThrottleLedger.Block {
    /// The same as an answer.
    var admission: ThrottleAdmission {
        let (word, whose) =
            switch key.kind {
            case .source, .site, .region: ("source", key.isShared ? "from networks of many" : "from \(key.origin)")
            case .device: ("device", "from this known device")
            case .account, .share: ("account", key.isShared ? "for names of many" : "for this name")
            }
        let until = Timestamp(milliseconds: until)
        let room = key.isShared ? ", which share a counter for want of room" : ""
        return .throttled(
            by: word,
            detail: "\(failures) wrong passwords \(whose)\(room); the next is asked at \(until)"
        )
    }
}
