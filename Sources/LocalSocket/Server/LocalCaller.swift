internal import EnterpriseAuth
internal import HostSystem

/// Who asks, and what they may.
public struct LocalCaller: Sendable, Hashable {
    /// Whether everything is theirs to see and end: root, and the user whose service it is.
    public let isOperator: Bool

    /// The number of the asking user; nil for a program that has the session store to itself.
    public let userID: UInt32?

    /// What the audit log calls the asking process.
    let label: String?

    /// A program that has the session store to itself, and so needs nobody's leave.
    public static let ownerOfTheStore = LocalCaller(isOperator: true, userID: nil, label: nil)

    init(isOperator: Bool, userID: UInt32?, label: String?) {
        (self.isOperator, self.userID, self.label) = (isOperator, userID, label)
    }

    /// Describes the other end of a connection.
    /// - Parameters:
    ///   - peer: Who opened it, as the kernel says.
    ///   - serviceUserID: The user whose service it is.
    init(_ peer: PeerCredentials, serviceUserID: UInt32) {
        isOperator = peer.userID == 0 || peer.userID == serviceUserID
        userID = peer.userID
        label = "uid=\(peer.userID) pid=\(peer.processID)"
    }

    /// Where a request of theirs comes from.
    var client: SessionClient {
        label.map { SessionClient(kind: .local, requestID: $0) } ?? .local
    }
}
