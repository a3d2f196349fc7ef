extension ConfigurationChecks {
    /// Tells which parts are there for doors that this version does not have, so that nobody relies on them.
    func checkEffect(_ context: inout DecodingContext) {
        if configuration.remember.enabled, configuration.portal == nil {
            context.noteUnused("remember", "no command of this version lets a person ask to be remembered")
        }
        if configuration.portal?.tls != nil {
            context.noteUnused("portal.tls", "the portal of this version leaves TLS to a proxy")
        }
    }
}
