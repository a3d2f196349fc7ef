/// A set of schema values for a well-known kind of directory.
///
/// Every value that a preset gives can be overridden in the file. `DirectoryConfiguration.Users` and
/// `DirectoryConfiguration.Groups` are made from it.
public enum DirectoryPreset: String, Sendable, CaseIterable {
    /// OpenLDAP with `inetOrgPerson` and `groupOfNames` or `groupOfUniqueNames`.
    case openldap
    /// Any server with `posixAccount` and `posixGroup` (`memberUid` and the primary group).
    case rfc2307
    /// Microsoft Active Directory and Samba.
    case activeDirectory = "active-directory"
    /// FreeIPA.
    case freeipa
    /// 389 Directory Server.
    case dirsrv389 = "389ds"
    /// lldap.
    case lldap
    /// Nothing is preset: every value must be in the file.
    case custom
}
