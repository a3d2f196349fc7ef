internal import LDAPClient

extension Directory: PersonLookup {
    /// Looks for the one person of this login name.
    /// - Parameters:
    ///   - loginName: The login name.
    ///   - provider: The configured name of the provider on whose behalf this is asked.
    ///   - deadline: When to give up.
    /// - Returns: The person's identity, or nil if the directory knows nobody of that name.
    /// - Throws: `Outage` if the directory could not say, or found two.
    public nonisolated(nonsending) func identity(
        forLoginName loginName: String,
        provider: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Identity? {
        try await person(withLoginName: loginName, deadline: deadline)?.identity(directory: name, provider: provider)
    }

    /// Looks at the account of a person again: the entry, the user filter, the account attributes.
    ///
    /// One search in the usual case. A person whose login name has changed is found by the immutable id and must match
    /// the user filter under the new name.
    /// - Parameters:
    ///   - identity: An identity of this directory.
    ///   - deadline: When to give up.
    /// - Returns: Whether the account still stands; a password that must be changed does not end it.
    public nonisolated(nonsending) func standing(of identity: Identity, deadline: ContinuousClock.Instant) async
        -> AccountStanding
    {
        do throws(Outage) {
            guard let person = try await current(identity, deadline: deadline) else {
                guard let person = try await person(withID: identity.userID, deadline: deadline) else {
                    return ended(.unknownUser, identity, "the directory has no entry of id \(identity.userID.value)")
                }
                return ended(.notPermitted, identity, "\(person.dn) no longer matches the user filter")
            }
            let now = person.identity(directory: name, provider: identity.provider)
            switch await accountState(of: person, moment: .atAnyTime, deadline: deadline) {
            case .good, .passwordChangeRequired: return .good(now)
            case .temporarilyLocked: return .temporarilyLocked(now)
            case .barred(let reason, let detail): return ended(reason, identity, "\(person.dn): \(detail)")
            }
        } catch {
            return .unavailable(error)
        }
    }

    /// The person as the user filter finds them now, under the old login name or a new one.
    private nonisolated(nonsending) func current(
        _ identity: Identity,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> DirectoryPerson? {
        if let found = try await find(id: identity.userID, loginName: identity.loginName, deadline: deadline) {
            return found.person
        }
        guard let renamed = try await person(withID: identity.userID, deadline: deadline),
            !renamed.loginName.utf8.elementsEqual(identity.loginName.utf8)
        else { return nil }
        return try await find(id: identity.userID, loginName: renamed.loginName, deadline: deadline)?.person
    }

    private func ended(_ reason: Refusal.Reason, _ identity: Identity, _ detail: String) -> AccountStanding {
        .ended(Refusal(reason, provider: identity.provider, detail: "directory \(name): \(detail)"))
    }
}
