/// Everything a connection to one directory server needs to know before it is opened.
public struct LDAPConnectionConfiguration: Sendable, Hashable {
    /// How a silent connection is found dead by the kernel (tcp(7)).
    public struct Keepalive: Sendable, Hashable {
        /// After how many seconds of silence the first probe is sent; 60 if not set.
        public var idleSeconds: Int32
        /// How many probes may go unanswered; 3 if not set.
        public var probes: Int32
        /// How many seconds lie between two probes; 10 if not set.
        public var intervalSeconds: Int32

        /// Settings for the kernel.
        /// - Parameters:
        ///   - idleSeconds: Silence before the first probe.
        ///   - probes: How many may go unanswered.
        ///   - intervalSeconds: Time between two.
        public init(idleSeconds: Int32 = 60, probes: Int32 = 3, intervalSeconds: Int32 = 10) {
            self.idleSeconds = idleSeconds
            self.probes = probes
            self.intervalSeconds = intervalSeconds
        }
    }

    /// Where the server listens.
    public var url: LDAPURL

    /// Whether an `ldap://` connection is raised to TLS before anything else is sent.
    ///
    /// If the server refuses, opening fails. Without meaning for `ldaps` and `ldapi`.
    public var startTLS: Bool

    /// How TLS is verified.
    public var tls: LDAPTLSConfiguration

    /// The most time that opening may take, name resolution, TCP and TLS together; 5 seconds if not set.
    ///
    /// The deadline of the caller ends it earlier.
    public var connectTimeout: Duration

    /// How a dead peer is noticed while nothing is being sent.
    public var keepalive: Keepalive

    /// Settings with the usual defaults.
    /// - Parameters:
    ///   - url: Where the server listens.
    ///   - startTLS: Whether to demand StartTLS on `ldap://`.
    ///   - tls: How TLS is verified.
    ///   - connectTimeout: The most time that opening may take.
    ///   - keepalive: How a dead peer is noticed.
    public init(
        url: LDAPURL,
        startTLS: Bool = true,
        tls: LDAPTLSConfiguration = LDAPTLSConfiguration(),
        connectTimeout: Duration = .seconds(5),
        keepalive: Keepalive = Keepalive()
    ) {
        self.url = url
        self.startTLS = startTLS
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.keepalive = keepalive
    }

    /// Whether passwords on this connection are readable by whoever can watch the network.
    ///
    /// False for TLS and for servers on this machine. Refusing to bind over such a connection is the caller's decision.
    public var isClearText: Bool {
        url.scheme == .ldap && !startTLS && !url.isLoopback
    }
}
