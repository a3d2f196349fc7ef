internal import EnterpriseAuth
internal import HostSystem

/// Checks people of an application's own table: what a provider has to do, and nothing else.
struct TableProvider: CredentialProvider {
    let name: String
    /// The passwords by login name; a real table holds hashes made for passwords, never passwords.
    let passwords: [String: SecretBytes]

    func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        // A late answer is worth nothing, and nobody waits for that of a caller who has gone.
        guard ContinuousClock.now < deadline, !Task.isCancelled else { return .unavailable(tooLate) }
        guard let right = passwords[credentials.username] else {
            // Only this reason lets the chain ask the next provider.
            return .refused(Refusal(.unknownUser, provider: name, detail: "nobody of this name is in the table"))
        }
        // Compares without telling by its time how much was right.
        guard right == credentials.password else {
            return .refused(Refusal(.wrongPassword, provider: name, detail: "not the password of the table"))
        }
        return .verified(identity(of: credentials.username), notices: [])
    }

    func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        guard passwords[identity.loginName] != nil else {
            return .ended(Refusal(.unknownUser, provider: name, detail: "the name has left the table"))
        }
        return .good(identity)
    }

    private func identity(of loginName: String) -> Identity {
        // A directory of our own, so that [active] can have a rule for its people.
        Identity(
            userID: UserID(source: name, value: loginName),
            loginName: loginName,
            provider: name,
            source: .directory(name: name, dn: "uid=\(loginName)")
        )
    }

    private var tooLate: Outage {
        Outage(.timeout, source: name, step: "look_up", detail: "the table was not asked in time")
    }
}
