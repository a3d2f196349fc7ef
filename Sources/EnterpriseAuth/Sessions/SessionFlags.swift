/// What else is true of a session.
public struct SessionFlags: OptionSet, Sendable, Hashable, Codable {
    /// The bits as stores keep them.
    public let rawValue: UInt8

    /// Takes the bits.
    /// - Parameter rawValue: The bits as stores keep them.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A request came from another client: the session is not fresh until the password is given again.
    public static let clientChanged = SessionFlags(rawValue: 1)

    /// The person was inactive when `login(_:force:)` let them in: only *gone* ends the session, not *inactive*.
    public static let forced = SessionFlags(rawValue: 2)

    /// It began with a remembered login and not with a password.
    public static let remembered = SessionFlags(rawValue: 4)
}
