internal import HostCrypto

/// Attempts with one and the same password for one account that are made at the same time.
///
/// The first is asked alone. If the password is right, the others go on side by side; if it is wrong, or nobody can say,
/// they look again at what holds now.
struct ThrottleFlights: Sendable {
    /// What an attempt does.
    enum Step: Sendable {
        /// Nobody else brings this password.
        case first
        /// It has just been found right: the attempt need not wait.
        case released(UInt64)
        /// It waits until the first one has ended.
        case follow(Following)
        /// Too many follow already.
        case full
    }

    /// Somebody who waits for the first one.
    struct Following: Sendable {
        let password: SHA256Digest
        let number: UInt64
        let isOver: Promise<Void>
    }

    private struct Flight: Sendable {
        let number: UInt64
        let isOver = Promise<Void>()
        /// Whether the password has been found right.
        var isRight = false
        var asking = 1
        var following = 0
    }

    /// How many may wait for one password.
    static let followerLimit = 1024

    private var flights: [SHA256Digest: Flight] = [:]
    private var lastNumber: UInt64 = 0

    /// Joins those who bring this password, if there are any; waits for them only if there is room for one more who waits.
    mutating func join(_ password: SHA256Digest, mayFollow: Bool) -> Step {
        guard var flight = flights[password] else { return .first }
        defer { flights[password] = flight }
        if flight.isRight {
            flight.asking += 1
            return .released(flight.number)
        }
        guard mayFollow, flight.following < Self.followerLimit else { return .full }
        flight.following += 1
        return .follow(Following(password: password, number: flight.number, isOver: flight.isOver))
    }

    /// Notes that somebody waits no longer.
    mutating func leave(_ following: Following) {
        change(following.password, following.number) { $0.following -= 1 }
    }

    /// Begins to ask with a password that nobody else brings.
    /// - Returns: The number of the flight.
    mutating func begin(_ password: SHA256Digest) -> UInt64 {
        lastNumber += 1
        flights[password] = Flight(number: lastNumber)
        return lastNumber
    }

    /// Ends one attempt that has asked.
    /// - Returns: Whom to call.
    mutating func end(_ password: SHA256Digest, _ number: UInt64, _ result: ThrottleResult) -> Promise<Void>? {
        guard let flight = flights[password], flight.number == number else { return nil }
        change(password, number) { flight in
            flight.asking -= 1
            if result.isRight { flight.isRight = true }
        }
        // Wrong, or nobody knows: whoever comes next is asked alone again.
        if result.isFailure || !(result.isRight || flight.isRight) { flights[password] = nil }
        return flight.isOver
    }

    private mutating func change(_ password: SHA256Digest, _ number: UInt64, _ body: (inout Flight) -> Void) {
        guard var flight = flights[password], flight.number == number else { return }
        body(&flight)
        flights[password] = flight.asking > 0 || flight.following > 0 ? flight : nil
    }
}
