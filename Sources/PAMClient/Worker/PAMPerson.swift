/// What the host's user database (getpwnam(3)) says of a name.
public enum PAMPerson: Hashable, Sendable {
    /// Somebody has it: the name as the database spells it, and the number.
    case known(name: String, uid: UInt32)

    /// Nobody has it.
    case unknown

    /// The database did not say; the number is an errno.
    case unavailable(Int32)

    /// The database was not asked.
    case notAsked
}
