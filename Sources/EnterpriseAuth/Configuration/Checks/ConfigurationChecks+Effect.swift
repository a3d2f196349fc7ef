extension ConfigurationChecks {
    /// Tells which parts are there for doors that this version does not have, so that nobody relies on them.
    func checkEffect(_ context: inout DecodingContext) {
        if configuration.portal?.tls != nil {
            context.noteUnused("portal.tls", "the portal of this version leaves TLS to a proxy")
        }
    }
}
