/// A search: where, what, and how much of it.
public struct LDAPSearchRequest: Sendable, Hashable {
    /// How deep below the base the search goes.
    public enum Scope: Int32, Sendable {
        /// The base entry only.
        case base = 0
        /// The entries directly below the base.
        case oneLevel = 1
        /// The base and everything below it.
        case subtree = 2
    }

    /// The name to start from, in the string form of RFC 4514; empty for the root DSE.
    public var base: String

    /// How deep the search goes.
    public var scope: Scope

    /// What an entry must satisfy.
    public var filter: LDAPFilter

    /// The wanted attributes; empty means all user attributes, `+` all operational ones, `1.1` none (RFC 4511, 4.5.1.8).
    public var attributes: [String]

    /// The most entries that the server shall send, or zero for the server's own limit.
    ///
    /// A server that has more answers ``LDAPResultCode/sizeLimitExceeded``; see ``LDAPSearchResult/isComplete``.
    public var sizeLimit: Int32

    /// The most entries and places elsewhere that are taken from the server, whatever it was asked for; 100 000 if not set.
    ///
    /// If more come, the search is abandoned and fails with ``LDAPError/Reason/tooLarge``. Where ``sizeLimit`` is less,
    /// that is what counts.
    public var entryLimit = 100_000

    /// The most memory in bytes that the entries may take together; 16 MiB if not set.
    ///
    /// If more come, the search is abandoned and fails with ``LDAPError/Reason/tooLarge``.
    public var byteLimit = 16 * 1024 * 1024

    /// How many seconds the server may spend, or zero for the time until the deadline, rounded up.
    public var timeLimitSeconds: Int32

    /// Whether only the names of attributes are wanted.
    public var typesOnly: Bool

    /// How many entries are asked for at a time (RFC 2696); nil asks for all at once.
    ///
    /// With paging the pages are fetched one after the other and returned together.
    public var pageSize: Int32?

    /// A search request.
    /// - Parameters:
    ///   - base: The name to start from.
    ///   - scope: How deep the search goes.
    ///   - filter: What an entry must satisfy.
    ///   - attributes: The wanted attributes.
    ///   - sizeLimit: The most entries, or zero.
    ///   - timeLimitSeconds: The server's time, or zero.
    ///   - typesOnly: Whether values are left out.
    ///   - pageSize: Entries per page, or nil.
    public init(
        base: String,
        scope: Scope,
        filter: LDAPFilter = .present("objectClass"),
        attributes: [String] = [],
        sizeLimit: Int32 = 0,
        timeLimitSeconds: Int32 = 0,
        typesOnly: Bool = false,
        pageSize: Int32? = nil
    ) {
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = attributes
        self.sizeLimit = sizeLimit
        self.timeLimitSeconds = timeLimitSeconds
        self.typesOnly = typesOnly
        self.pageSize = pageSize
    }
}
