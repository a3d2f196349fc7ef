/// What is being looked up in the store just now, and which network has how many of the places for that.
///
/// Anybody can make up tokens, and each of them costs a look. A network may have no more places than are free: alone half
/// of them, beside another a third. So one that takes all it can get leaves as many to the next, and the many people
/// behind one address are not held to a small share while there is room.
struct TokenLookups: Sendable {
    typealias Flight = Promise<Result<Void, Outage>>

    /// How many looks may go on at once.
    static let limit = 1024

    private var flights: [SessionTokenHash: (flight: Flight, network: String)] = [:]
    private var counts: [String: Int] = [:]

    /// Joins the look for a token, or begins one.
    /// - Parameters:
    ///   - hash: The token's hash.
    ///   - address: Where the request comes from; those of whom that is not known are one network.
    /// - Returns: The look, and whether the caller must do it.
    /// - Throws: `Outage` if there is no place.
    mutating func join(
        _ hash: SessionTokenHash,
        from address: String?
    ) throws(Outage) -> (flight: Flight, isNew: Bool) {
        if let known = flights[hash] { return (known.flight, false) }
        let network = NetworkPrefix.key(of: address)
        let count = counts[network, default: 0]
        guard count < Self.limit - flights.count else {
            let detail = "too many tokens are being looked up at once, \(count) of them for \(network)"
            throw Outage(.overloaded, source: "session store", step: "read", detail: detail)
        }
        let flight = Flight()
        flights[hash] = (flight, network)
        counts[network] = count + 1
        return (flight, true)
    }

    /// Gives the place of a look back.
    mutating func leave(_ hash: SessionTokenHash) {
        guard let network = flights.removeValue(forKey: hash)?.network else { return }
        let count = counts[network, default: 1] - 1
        counts[network] = count == 0 ? nil : count
    }
}
