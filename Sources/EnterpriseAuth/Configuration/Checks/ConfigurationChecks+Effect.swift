extension ConfigurationChecks {
    /// Tells which parts are there for doors that this version does not have, so that nobody relies on them.
    func checkEffect(_ context: inout DecodingContext) {
        if configuration.session.cookie != SessionConfiguration().cookie {
            context.noteUnused("session.cookie", "no command of this version talks to browsers")
        }
        if configuration.remember.enabled {
            context.noteUnused("remember", "no command of this version lets a person ask to be remembered")
        }
        guard let portal = configuration.portal else { return }
        context.noteUnused("portal", "no command of this version is the portal")
        if !portal.access.isEmpty {
            let reason = "no command of this version answers a proxy, so no rule guards anything"
            context.noteUnused("portal.access[0]", reason)
        }
    }
}
