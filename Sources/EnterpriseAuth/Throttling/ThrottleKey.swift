/// Names one counter of the throttle.
///
/// Two keys are equal as Swift strings are: composed and decomposed letters are the same.
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
    }

    /// What is counted.
    public let kind: Kind

    /// The name as it is counted: folded, so that it need not be what was typed; empty for a network.
    public let account: String

    /// The network, or the device's id; empty where it is from anywhere.
    public let origin: String

    /// Puts a key together, as a store has kept it.
    /// - Parameters:
    ///   - kind: What is counted.
    ///   - account: The folded name.
    ///   - origin: The network or the device's id.
    public init(_ kind: Kind, account: String = "", origin: String = "") {
        (self.kind, self.account, self.origin) = (kind, account, origin)
    }
}
