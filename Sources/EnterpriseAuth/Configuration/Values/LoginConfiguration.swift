/// Everything one configuration file says, decoded and validated.
///
/// `ConfigurationLoader` makes it from TOML. An application can also build one in code; what the loader checks
/// (names that point nowhere, clear-text binds) is then the application's duty.
public struct LoginConfiguration: Sendable, Equatable {
    /// `[login]`: which providers are asked, and within what time.
    public var login: LoginSettings
    /// `[providers.NAME]`: what can check a password, by name.
    public var providers: [String: ProviderConfiguration]
    /// `[directories.NAME]`: the LDAP directories, by name.
    public var directories: [String: DirectoryConfiguration]
    /// `[active]`: who is active.
    public var active: ActiveConfiguration
    /// `[session]`: how long a login lasts and where it is kept.
    public var session = SessionConfiguration()
    /// `[remember]`: logins that outlive the browser.
    public var remember = RememberConfiguration()
    /// `[throttle]`: how guessing is slowed down.
    public var throttle = ThrottleConfiguration()
    /// `[portal]`: the web server, or nil when the file has no such table.
    public var portal: PortalConfiguration?
    /// `[log]`: what is written about the program's own doings.
    public var log = LogConfiguration()
    /// `[audit]`: where login events go.
    public var audit = AuditConfiguration()

    /// Makes a configuration of the parts that have no default.
    /// - Parameters:
    ///   - login: Which providers are asked.
    ///   - providers: The providers by name.
    ///   - directories: The directories by name.
    ///   - active: Who is active.
    public init(
        login: LoginSettings,
        providers: [String: ProviderConfiguration],
        directories: [String: DirectoryConfiguration] = [:],
        active: ActiveConfiguration
    ) {
        self.login = login
        self.providers = providers
        self.directories = directories
        self.active = active
    }

    /// The providers in the order in which they are asked; names that are not defined are left out.
    public var orderedProviders: [ProviderConfiguration] {
        login.providers.compactMap { providers[$0] }
    }
}
