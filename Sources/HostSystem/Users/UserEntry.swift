/// A person as the host's user database (passwd(5)) knows them; the password field is left out.
public struct UserEntry: Sendable, Hashable {
    /// The login name as the database spells it.
    public let name: String
    /// The numeric user id.
    public let userID: UInt32
    /// The number of the primary group.
    public let groupID: UInt32
    /// The comment field, which begins with the full name.
    public let comment: String
    /// The home directory.
    public let homeDirectory: String
    /// The login shell; empty for the default one.
    public let shell: String
}
