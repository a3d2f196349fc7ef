internal import HostCrypto
public import HostSystem

extension LoginManager {
    /// A key of the program's own, for what a door hands to browsers between two requests.
    ///
    /// It outlives the process if the store does (`SecretStore`); otherwise it is made anew at each start.
    /// - Parameter name: What it is for; another name gives another key.
    /// - Returns: 32 bytes.
    /// - Throws: `Outage` if the store does not answer.
    public func secret(named name: String) async throws(Outage) -> SecretBytes {
        guard let store = keeper.store as? any SecretStore else { return RandomBytes.secret(32) }
        do throws(SessionStoreError) {
            return try await store.secret(named: name)
        } catch {
            throw error.outage
        }
    }
}
