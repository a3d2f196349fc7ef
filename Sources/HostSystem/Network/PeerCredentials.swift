internal import CHostShim

/// Who opened the other end of a Unix-domain socket, as the kernel noted it then.
public struct PeerCredentials: Sendable, Hashable {
    /// The process; it may have ended since, and its number may belong to another.
    public let processID: Int32
    /// Its effective user.
    public let userID: UInt32
    /// Its effective group.
    public let groupID: UInt32

    /// Asks the kernel.
    /// - Parameter descriptor: A connected Unix-domain socket.
    /// - Throws: ``HostError`` if it is none.
    public init(of descriptor: Int32) throws(HostError) {
        var (process, user, group): (Int32, UInt32, UInt32) = (0, 0, 0)
        try systemCall("getsockopt") { unsafe chost_peer(descriptor, &process, &user, &group) }
        // The kernel says 0 where the other end has no process in this namespace; nobody is not root.
        guard process > 0 else { throw HostError(.invalid("the other side is not known here"), call: "getsockopt") }
        (processID, userID, groupID) = (process, user, group)
    }
}
