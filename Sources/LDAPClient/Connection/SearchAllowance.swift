/// How much one search may still bring, over all of its pages.
///
/// The request's size limit is the server's to keep, and counts entries only: Active Directory sends three places
/// elsewhere with every answer from a forest's root. This limit keeps memory from filling, whatever a server sends.
struct SearchAllowance: Sendable {
    private let (entryLimit, byteLimit): (Int, Int)
    private var (entries, bytes) = (0, 0)

    /// For an operation that brings no entries.
    init() {
        (entryLimit, byteLimit) = (0, 0)
    }

    init(_ request: LDAPSearchRequest) {
        (entryLimit, byteLimit) = (request.entryLimit, request.byteLimit)
    }

    /// Takes notice of one more entry or place elsewhere; what is returned says which limit does not allow it.
    mutating func take(bytes more: Int) -> String? {
        (entries, bytes) = (entries + 1, bytes + more)
        if entries > entryLimit { return "the limit is \(entryLimit) entries for this search" }
        if bytes > byteLimit { return "the limit is \(byteLimit) bytes for this search" }
        return nil
    }

    /// Takes notice of a whole page.
    mutating func take(_ page: OperationAnswer) {
        entries += page.entries.count + page.referralCount
        bytes += page.entries.reduce(0) { $0 + $1.byteCount }
    }
}

extension LDAPEntry {
    /// About how much memory the entry takes: its texts and values, and what goes with each of them.
    var byteCount: Int {
        attributes.reduce(64 + dn.utf8.count) { sum, attribute in
            attribute.values.reduce(sum + 64 + attribute.description.utf8.count) { $0 + 32 + $1.count }
        }
    }
}
