/// `[providers.NAME]` with `type = "ldap"`: passwords are checked by a bind to a directory.
public struct LDAPProviderConfiguration: Sendable, Equatable {
    /// The provider's name in the file.
    public var name: String
    /// The name of the directory that is asked.
    public var directory: String

    /// Makes a provider.
    /// - Parameters:
    ///   - name: The provider's name.
    ///   - directory: The name of the directory that is asked.
    public init(name: String, directory: String) {
        self.name = name
        self.directory = directory
    }
}
