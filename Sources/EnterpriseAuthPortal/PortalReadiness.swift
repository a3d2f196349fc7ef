/// Whether the parts behind a portal answer, as `/readyz` tells it.
public struct PortalReadiness: Sendable, Hashable, Encodable {
    /// One part: a directory.
    public struct Part: Sendable, Hashable, Encodable {
        /// Its name in the configuration.
        public var name: String
        /// Whether it can be asked.
        public var isReady: Bool
        /// Its servers, and whether each is worth asking.
        public var servers: [String: Bool]

        enum CodingKeys: String, CodingKey {
            case name, servers
            case isReady = "is_ready"
        }

        /// Describes a part.
        /// - Parameters:
        ///   - name: Its name in the configuration.
        ///   - isReady: Whether it can be asked.
        ///   - servers: Its servers, and whether each is worth asking.
        public init(name: String, isReady: Bool, servers: [String: Bool] = [:]) {
            self.name = name
            self.isReady = isReady
            self.servers = servers
        }
    }

    /// Whether logins are possible.
    public var isReady: Bool
    /// The parts.
    public var directories: [Part]

    enum CodingKeys: String, CodingKey {
        case directories
        case isReady = "is_ready"
    }

    /// Puts the answer together: ready if every part is.
    /// - Parameter directories: The parts.
    public init(directories: [Part]) {
        self.directories = directories
        isReady = directories.allSatisfy(\.isReady)
    }
}
