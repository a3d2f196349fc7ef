/// Names one counter of the throttle.
///
/// Two keys are equal as Swift strings are: composed and decomposed letters are the same. Those that are made here differ
/// in their bytes too, for stores that compare these.
public struct ThrottleKey: Sendable, Hashable {
    /// What is counted.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// Wrong passwords for a name, from anybody but the person's known devices.
        case account = 0
        /// Wrong passwords from a network, for whatever names.
        case source = 1
        /// Wrong passwords for a name from one known device.
        case device = 2
        /// What one client has brought to an account's counter; a success there takes it away again.
        case share = 3
        /// Wrong passwords from all networks of one IPv6 site (`/56`).
        case site = 4
        /// Wrong passwords from all sites of one IPv6 customer (`/48`, RFC 6177).
        case region = 5

        /// Whether it is about where attempts come from, and not about whose name they bring.
        public var isSource: Bool {
            switch self {
            case .source, .site, .region: true
            case .account, .device, .share: false
            }
        }
    }

    /// What the names of counters begin with that many share; nobody can type it (`Credentials` refuses it).
    private static let sharedPrefix = "\u{FFFD}#"

    /// What is counted.
    public let kind: Kind

    /// The name as it is counted: folded, so that it need not be what was typed; empty for a network.
    public let account: String

    /// The network, or the device's id; empty where it is from anywhere.
    public let origin: String

    /// Whether it counts for all for whom there was no room.
    public var isShared: Bool { (kind.isSource ? origin : account).hasPrefix(Self.sharedPrefix) }

    /// Puts a key together, as a store has kept it.
    /// - Parameters:
    ///   - kind: What is counted.
    ///   - account: The folded name.
    ///   - origin: The network or the device's id.
    public init(_ kind: Kind, account: String = "", origin: String = "") {
        (self.kind, self.account, self.origin) = (kind, account, origin)
    }

    /// One of the counters that many share.
    init(_ kind: Kind, shared number: UInt64) {
        let name = Self.sharedPrefix + "\(number)"
        self.init(kind, account: kind.isSource ? "" : name, origin: kind.isSource ? name : "")
    }
}
