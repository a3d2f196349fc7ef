/// Remembered logins that have ended by theft of late, so that whoever comes with a token of one can be told why.
///
/// The thief may be the one who came last, and the owner must hear of it too. Bounded, and forgotten with the process.
struct StolenSeries: Sendable {
    static let limit = 1024

    /// The series in the order in which they ended; once it is full, the oldest makes way.
    private var hashes: [SessionTokenHash] = []
    private var known: Set<SessionTokenHash> = []
    private var oldest = 0

    func contains(_ hash: SessionTokenHash) -> Bool { known.contains(hash) }

    mutating func insert(_ hash: SessionTokenHash) {
        guard known.insert(hash).inserted else { return }
        guard hashes.count == Self.limit else { return hashes.append(hash) }
        known.remove(hashes[oldest])
        hashes[oldest] = hash
        oldest = (oldest + 1) % Self.limit
    }
}
