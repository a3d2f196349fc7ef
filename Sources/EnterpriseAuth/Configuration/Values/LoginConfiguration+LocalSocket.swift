extension LoginConfiguration {
    /// The longest path of a socket, in bytes (unix(7): `sun_path` has 108, and the last is NUL).
    public static let maximumSocketPathBytes = 107

    /// Where a portal of this configuration listens for programs of its host.
    ///
    /// `[portal] socket`, or beside the session store; nil without a portal, and where sessions are in memory and no path
    /// is given.
    public var localSocketPath: String? {
        guard let portal else { return nil }
        if let path = portal.socket { return path }
        guard case .sqlite(let path) = session.store else { return nil }
        return path + ".socket"
    }
}
