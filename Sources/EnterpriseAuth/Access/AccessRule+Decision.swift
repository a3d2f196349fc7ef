extension AccessRule {
    /// Decides about a request that the rule matches.
    /// - Parameters:
    ///   - user: Who asks; nil for a visitor.
    ///   - checkedAt: When the sources were asked about the person; nil if that was just now.
    /// - Returns: What is to be done, and why.
    func decide(_ user: DirectoryUser?, checkedAt: Timestamp?) -> (AccessDecision.Verdict, reason: String) {
        switch allowed {
        case .everyone: return (.allowed, "\(place) lets everyone pass")
        case .nobody: return (.forbidden, "\(place) lets nobody pass")
        case .active: break
        }
        guard let user else { return (.loginRequired, "\(place) asks for a login") }
        guard user.isActive else { return (.forbidden, "\(user.loginName) is not active") }
        guard let requirement else { return (.allowed, "\(place) lets every active person pass") }
        if let doubt = doubt(about: user.identity.source, checkedAt: checkedAt) { return doubt }
        let decision = requirement.decide(Set(user.groups.map { GroupReference($0) }), place: "\(place).groups")
        return (decision.holds ? .allowed : .forbidden, decision.reason)
    }

    /// Why the person's groups cannot be compared with the rule's now.
    private func doubt(
        about source: IdentitySource,
        checkedAt: Timestamp?
    ) -> (AccessDecision.Verdict, reason: String)? {
        switch source {
        case .directory(let name, _):
            guard let groups = directoryGroups, groups.directory == name else { return foreign("directory \(name)") }
            guard let names = groups.names else { return (.unavailable(groups.outage), groups.outage.description) }
            // Only who was judged later has their groups under the names that the rule knows.
            guard let checkedAt, checkedAt <= names.since else { return nil }
            return (.askAgain, "the groups were looked up before it was known which ones \(place) means")
        case .local(let provider, _):
            guard let groups = localGroups else { return foreign("provider \(provider)") }
            return groups.outage.map { (.unavailable($0), $0.description) }
        case .application:
            return foreign("an application")
        }
    }

    private func foreign(_ source: String) -> (AccessDecision.Verdict, reason: String) {
        (.forbidden, "\(place).groups is not about people of \(source), whose groups nobody has looked up")
    }
}
