internal import EnterpriseAuth
internal import NIOCore

/// Why the portal cannot listen where it is to.
public struct ListenProblem: Error, Sendable, CustomStringConvertible {
    /// Whether somebody else listens there; that may pass.
    public let isInUse: Bool

    /// What is wrong and what to do, in one sentence.
    public let description: String

    init(_ address: ListenAddress, _ error: any Error) {
        // EADDRINUSE, EACCES, EADDRNOTAVAIL (bind(2)).
        let code = (error as? IOError)?.errnoCode
        isInUse = code == 98
        description =
            switch code {
            case 98:
                "Another process listens at \(address): look which (ss -ltnp), and end it or choose another address."
            case 13:
                "This user may not listen at \(address): choose a port from 1024 on, or give the service "
                    + "CAP_NET_BIND_SERVICE or a socket of systemd's."
            case 99: "\(address) is no address of this host: choose another."
            default: "Nobody can listen at \(address): \(error)"
            }
    }
}
