public import HostSystem

/// The sockets that the service manager has opened for the portal, by their names `portal` and `internal`.
public struct ListeningSockets: Sendable {
    let portal: Int32?
    /// Whether there is one for proxies and monitoring.
    public var hasInternal: Bool { `internal` != nil }
    let `internal`: Int32?

    /// Makes it for a portal that opens its sockets itself.
    public init() {
        (portal, `internal`) = (nil, nil)
    }

    /// Tells the sockets apart by their names; a single one without a name of ours is the one for browsers.
    /// - Parameter passed: What the service manager has passed on.
    /// - Throws: `PortalProblem` if a name is unknown or is there twice.
    public init(_ passed: [PassedSocket]) throws(PortalProblem) {
        let known = ["portal", "internal"]
        if passed.count == 1, let only = passed.first, !known.contains(only.name) {
            (portal, `internal`) = (only.descriptor, nil)
            return
        }
        for socket in passed where !known.contains(socket.name) {
            throw PortalProblem(
                "The service manager has passed a socket named “\(socket.name)”: write FileDescriptorName=portal or "
                    + "FileDescriptorName=internal into its .socket unit."
            )
        }
        for name in known where passed.count(where: { $0.name == name }) > 1 {
            throw PortalProblem("The service manager has passed two sockets named “\(name)”: keep one ListenStream=.")
        }
        portal = passed.first { $0.name == "portal" }?.descriptor
        `internal` = passed.first { $0.name == "internal" }?.descriptor
    }
}
