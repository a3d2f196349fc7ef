internal import HostSystem

extension PAMPerson {
    /// Asks the host's user database, blocking for as long as its modules like.
    /// - Parameter name: The name.
    /// - Returns: What it says.
    static func lookUp(_ name: String) -> PAMPerson {
        do throws(HostError) {
            guard let entry = try UserDatabase.user(named: name) else { return .unknown }
            return .known(name: entry.name, uid: entry.userID)
        } catch {
            // Whatever kept the database from answering, it has not said that there is nobody.
            return .unavailable(error.code ?? -1)
        }
    }
}
