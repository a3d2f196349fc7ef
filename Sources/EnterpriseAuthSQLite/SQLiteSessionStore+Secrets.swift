public import EnterpriseAuth
internal import Foundation
internal import GRDB
internal import HostCrypto
public import HostSystem

extension SQLiteSessionStore: SecretStore {
    /// The key of a name; made the first time it is asked for.
    /// - Parameter name: What it is for.
    /// - Returns: 32 random bytes, always the same.
    /// - Throws: `SessionStoreError` if it could not be read, or was not kept.
    public func secret(named name: String) async throws(SessionStoreError) -> SecretBytes {
        do {
            let bytes = try await pool.write { database in
                let new = Data(RandomBytes.bytes(32))
                try database.execute(
                    sql: "INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)",
                    arguments: [name, new]
                )
                return try Data.fetchOne(database, sql: "SELECT value FROM secret WHERE name = ?", arguments: [name])
            }
            guard let bytes, bytes.count == 32 else {
                throw SessionStoreError(step: "read", detail: "the key “\(name)” is not what was kept")
            }
            return SecretBytes(Array(bytes))
        } catch let error as SessionStoreError {
            throw error
        } catch {
            throw Self.storeError(error, step: "write", path: path)
        }
    }
}
