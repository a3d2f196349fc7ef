/// Decides which conversation has to go where too many wait for their people.
///
/// Anybody can begin a login in anybody's name and never answer. So a name has few places, of which it loses its oldest
/// first; and where all places are taken, whoever has taken the most loses one: among the addresses, then among that
/// one's names, and of these the oldest.
struct PAMParking: Sendable {
    /// Who waits, and where they sit.
    struct Party: Sendable, Hashable {
        /// The user name as it was typed.
        var name = ""
        /// The client's address; empty if none is known.
        var address = ""

        /// The name as it is counted: to most stacks and directories upper and lower case are the same person.
        var key: String { name.lowercased() }
    }

    /// A conversation that has to go.
    struct Eviction: Sendable, Hashable {
        /// Why it has to.
        enum Reason: String, Sendable {
            /// The name has no more places.
            case name = "too many of its name wait already"
            /// Nobody has.
            case all = "too many wait already"
        }

        let conversation: String
        let party: Party
        let reason: Reason
    }

    private let places: Int
    private let placesOfName: Int
    /// Those who wait, the oldest first.
    private var waiting: [(conversation: String, party: Party)] = []

    init(_ limits: PAMWorkerLimits) {
        precondition(limits.parked > 0 && limits.parkedPerName > 0, "somebody must be allowed to wait")
        (places, placesOfName) = (limits.parked, limits.parkedPerName)
    }

    /// Gives a conversation a place.
    /// - Parameters:
    ///   - conversation: What it is called.
    ///   - party: Whose it is.
    /// - Returns: Another conversation that has lost its place, if one had to.
    mutating func enter(_ conversation: String, of party: Party) -> Eviction? {
        defer { waiting.append((conversation, party)) }
        let ofName = waiting.filter { $0.party.key == party.key }
        // From the address that has most of them: a stranger's flood is then paid with the stranger's own places.
        if ofName.count >= placesOfName { return evict(Self.greediest(ofName) { $0.address }[0], .name) }
        guard waiting.count >= places else { return nil }
        let mine = Self.greediest(waiting) { $0.address }
        return evict(Self.greediest(mine) { $0.key }[0], .all)
    }

    /// Takes a conversation's place away, if it has one.
    /// - Parameter conversation: What it is called.
    mutating func leave(_ conversation: String) {
        waiting.removeAll { $0.conversation == conversation }
    }

    private mutating func evict(
        _ oldest: (conversation: String, party: Party),
        _ reason: Eviction.Reason
    ) -> Eviction {
        leave(oldest.conversation)
        return Eviction(conversation: oldest.conversation, party: oldest.party, reason: reason)
    }

    /// Those of one key, the one that most have; of several such keys the one that came first.
    private static func greediest(
        _ parties: [(conversation: String, party: Party)],
        by key: (Party) -> String
    ) -> [(conversation: String, party: Party)] {
        let counts = Dictionary(parties.map { (key($0.party), 1) }, uniquingKeysWith: +)
        let most = counts.values.max() ?? 0
        let first = parties.first { counts[key($0.party)] == most }.map { key($0.party) }
        return parties.filter { key($0.party) == first }
    }
}
