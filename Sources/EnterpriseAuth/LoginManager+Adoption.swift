extension LoginManager {
    /// Goes on with another configuration: no session ends by that, and no request is dropped.
    ///
    /// Logins that have begun come to their end with whom they have asked; keep those for `[login] deadline` more. What
    /// the sources said before counts no more: everybody with a live session is asked about again, before the next use of
    /// it or in the background, whichever comes first. Where nobody can say, `[active] outage_grace` holds as in every
    /// outage; who comes from a provider that is no longer there is gone.
    ///
    /// Live sessions keep the `[session] lifetime` that they began with; all other limits hold at once. Of `[throttle]`
    /// nothing changes: that needs a new manager.
    /// - Parameters:
    ///   - configuration: The limits: `[login]`, `[active]`, `[session]` and `[remember]` are read here.
    ///   - chain: Who checks passwords from now on.
    ///   - judge: Who decides from now on whether a person is active.
    public func adopt(_ configuration: LoginConfiguration, chain: ProviderChain, judge: any ActivityJudge) {
        let sources = PersonSources(chain: chain, judge: judge, userLoader: userLoader)
        regime.replace(with: LoginRegime(login: configuration.login, sources: sources))
        // An answer of this moment may still be one of the sources before.
        let rules = SessionRules(configuration.session, configuration.active, since: keeper.clock.nowMilliseconds)
        keeper.adopt(rules, RememberRules(configuration.remember))
        for person in keeper.people { checker.list(person) }
    }
}
