public import HostSystem

/// A session store that keeps a few keys of the program's own too, so that they are the same after a restart.
///
/// They protect what lies in browsers between two requests (visitors' cookies, proofs of forms, known devices), and open no
/// session: whoever reads the store can forge these, and nothing more.
public protocol SecretStore: Sendable {
    /// The key of a name; made the first time it is asked for.
    /// - Parameter name: What it is for.
    /// - Returns: 32 random bytes, always the same.
    /// - Throws: `SessionStoreError` if it could not be read, or was not kept.
    func secret(named name: String) async throws(SessionStoreError) -> SecretBytes
}
