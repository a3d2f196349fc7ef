/// The limits of remembered logins, and what follows from them: no state, no clock, no waiting.
struct RememberRules: Sendable {
    /// What a token is to a series.
    enum Finding: Sendable, Equatable {
        /// The token of the moment.
        case current
        /// The one before, so lately used that this is a parallel request.
        case previous(salt: [UInt8])
        /// Whatever it is, the series was not used for too long.
        case over
        /// A token that was used before: somebody has a copy.
        case theft
    }

    let isEnabled: Bool
    let lifetime: Int64
    let blindLifetime: Int64
    let grace: Int64

    init(_ remember: RememberConfiguration) {
        isEnabled = remember.enabled
        lifetime = remember.lifetime.wholeMilliseconds
        blindLifetime = remember.blindLifetime.wholeMilliseconds
        grace = remember.grace.wholeMilliseconds
    }

    /// How far back a clock may go that is only being put right, in milliseconds.
    private static let clockSlack: Int64 = 5000

    /// Whether a series was not used for too long; a lifetime that was made shorter counts at once.
    func isOver(_ series: RememberSeries, now: Timestamp) -> Bool {
        now >= min(series.expiresAt, end(of: series))
    }

    /// When a series ends unless it is used before; one that no change of the password would end, whatever its use.
    func end(of series: RememberSeries) -> Timestamp {
        let end = series.usedAt.adding(.milliseconds(lifetime))
        return isBlind(series) ? min(end, series.createdAt.adding(.milliseconds(blindLifetime))) : end
    }

    /// Whether a change of the password could not be seen: an application's own people are its own business.
    private func isBlind(_ series: RememberSeries) -> Bool {
        guard series.identity.source != .application else { return false }
        return !PasswordVersion.showsChanges(since: series.createdAt, series.passwordVersion)
    }

    /// Tells what a token is to its series.
    func find(_ token: RememberToken, in series: RememberSeries, now: Timestamp) -> Finding {
        if isOver(series, now: now) { return .over }
        if token.tokenHash == series.tokenHash { return .current }
        guard let previous = series.previous, previous.tokenHash == token.tokenHash else { return .theft }
        // Much more than the grace to come means that the clock was set back: then nothing is known of what is left. A clock
        // that is being put right goes back by little, between two requests of one browser.
        let left = previous.until.milliseconds - now.milliseconds
        guard grace > 0 else { return .theft }
        return (1...grace + Self.clockSlack).contains(left) ? .previous(salt: previous.salt) : .theft
    }

    /// The series after a use of its token.
    func used(
        _ series: RememberSeries,
        successor: RememberToken,
        salt: [UInt8],
        by client: SessionClient,
        now: Timestamp
    ) -> RememberSeries {
        var next = series
        let until = now.adding(.milliseconds(grace))
        next.previous = RememberSeries.Previous(tokenHash: series.tokenHash, salt: salt, until: until)
        next.tokenHash = successor.tokenHash
        next.usedAt = now
        next.client = client
        next.expiresAt = min(now.adding(series.lifetime), end(of: next))
        return next
    }
}
