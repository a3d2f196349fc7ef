public import LDAPClient

/// `[directories.NAME]`: one LDAP directory, served by one or more equal servers.
public struct DirectoryConfiguration: Sendable, Equatable {
    /// The directory's name in the file; the first part of its people's `UserID`.
    public var name: String
    /// Where the schema values came from.
    public var preset: DirectoryPreset
    /// The servers, in order of preference: `ldap://`, `ldaps://` and `ldapi://`.
    public var urls: [LDAPURL]
    /// Whether `ldap://` connections are upgraded to TLS before anything is sent.
    public var startTLS = true
    /// Whether passwords may cross a network in clear.
    ///
    /// Loopback and `ldapi://` never need it.
    public var allowCleartext = false
    /// The DN below which everything lies, unless `users` or `groups` say otherwise.
    public var base: DistinguishedName
    /// How the program itself binds before it searches.
    public var bind: Bind
    /// Certificates and names.
    public var tls = TLS()
    /// How people are found.
    public var users: Users
    /// How groups are found.
    public var groups: Groups
    /// How many connections are kept.
    public var pool = Pool()
    /// How long each step may take.
    public var timeouts = Timeouts()
    /// How a server that failed is avoided.
    public var failover = Failover()

    /// Makes a directory with the values of a preset.
    /// - Parameters:
    ///   - name: The directory's name.
    ///   - preset: Where `users` and `groups` get their values from.
    ///   - urls: The servers, in order of preference.
    ///   - base: The DN below which people and groups lie.
    ///   - bind: How the program itself binds.
    public init(name: String, preset: DirectoryPreset, urls: [LDAPURL], base: DistinguishedName, bind: Bind) {
        self.name = name
        self.preset = preset
        self.urls = urls
        self.base = base
        self.bind = bind
        self.users = Users(preset: preset, base: base)
        self.groups = Groups(preset: preset, base: base)
    }
}

extension DirectoryConfiguration {
    /// How the program itself binds before it searches.
    public enum Bind: Sendable, Equatable {
        /// Not at all: searches are anonymous.
        case anonymous
        /// A simple bind of a service account.
        case simple(dn: DistinguishedName, password: SecretSource)
        /// SASL EXTERNAL: the client certificate, or the socket's peer for `ldapi://`.
        case external
    }

    /// How many connections are kept to the directory.
    public struct Pool: Sendable, Equatable {
        /// The most connections that search as the service account; each carries many operations at once.
        public var serviceConnections = 2
        /// The most connections that bind as the people who log in; each carries one bind at a time.
        public var userConnections = 8
        /// After how long without use a connection is closed.
        public var idle: Duration = .seconds(300)

        /// Makes the default pool.
        public init() {}
    }

    /// How long each step may take; none outlasts the login's deadline.
    public struct Timeouts: Sendable, Equatable {
        /// Name resolution, connecting and the TLS handshake together, for one server.
        public var connect: Duration = .seconds(3)
        /// One bind or search.
        public var operation: Duration = .seconds(5)

        /// Makes the default timeouts.
        public init() {}
    }

    /// How a server that failed is avoided until it is back.
    public struct Failover: Sendable, Equatable {
        /// The first pause before a failed server is tried again; it doubles with each failure.
        public var retryAfter: Duration = .seconds(1)
        /// The longest pause.
        public var retryAtMost: Duration = .seconds(60)

        /// Makes the default behaviour.
        public init() {}
    }
}
