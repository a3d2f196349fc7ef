internal import LDAPClient

/// One person as one directory shows them.
public struct DirectoryPerson: Sendable, Hashable {
    /// The name of the entry, as the server wrote it.
    public let dn: String

    /// The immutable id as text.
    public let id: String

    /// The login name as the directory spells it.
    public let loginName: String

    /// The name to show.
    public let displayName: String?

    /// The mail address.
    public let email: String?

    /// A text that changes when the password changes.
    public let passwordVersion: String?

    /// All that was read.
    let entry: LDAPEntry

    /// Takes a person out of an entry.
    /// - Parameters:
    ///   - entry: What the search found.
    ///   - schema: Which attributes mean what.
    /// - Throws: `EntryProblem` if the entry can be nobody's.
    init(entry: LDAPEntry, schema: DirectorySchema) throws(EntryProblem) {
        guard !entry.dn.isEmpty else { throw EntryProblem(detail: "the server returned an entry without a name") }
        let names = schema.users.attributes
        let logins = entry.values(names.login.text)
        guard logins.count == 1, let login = entry.single(names.login.text), !login.isEmpty else {
            throw EntryProblem(
                detail: logins.count > 1
                    ? "\(entry.dn) has \(logins.count) values of \(names.login); the login name must be one"
                    : "\(entry.dn) shows no readable \(names.login), so there is no login name"
            )
        }
        let ids = entry.values(names.id.text)
        guard ids.count == 1, let id = schema.users.idFormat.text(ids[0]), !id.isEmpty else {
            throw EntryProblem(
                detail: "\(entry.dn) shows no single readable \(names.id), so there is no immutable id"
                    + " (may the service account read it?)"
            )
        }
        self.entry = entry
        self.id = id
        dn = entry.dn
        loginName = login
        displayName = names.displayName.flatMap { entry.first($0.text) }
        email = names.mail.flatMap { entry.first($0.text) }
        passwordVersion = schema.accountRules.passwordVersion(of: entry)
    }

    /// The person in the words of the session layer.
    /// - Parameters:
    ///   - directory: The configured name of the directory.
    ///   - provider: The configured name of the provider that checked the password.
    /// - Returns: The identity.
    public func identity(directory: String, provider: String) -> Identity {
        Identity(
            userID: UserID(source: directory, value: id),
            loginName: loginName,
            provider: provider,
            source: .directory(name: directory, dn: dn),
            displayName: displayName,
            email: email,
            passwordVersion: passwordVersion
        )
    }
}

/// Why an entry can be nobody's.
struct EntryProblem: Error {
    let detail: String
}
