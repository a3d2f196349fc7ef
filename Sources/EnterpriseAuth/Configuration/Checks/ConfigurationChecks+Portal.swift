extension ConfigurationChecks {
    func checkPortal(_ context: inout DecodingContext) {
        guard let portal = configuration.portal else { return }
        checkListeners(portal, &context)
        checkPublicURL(portal, &context)
        checkSocket(&context)
        for (index, range) in portal.trustedProxies.enumerated() where range.prefixLength == 0 {
            let message = "trusts everybody to say where requests come from"
            context.error("portal.trusted_proxies[\(index)]", message, fix: "name the proxies' addresses")
        }
        for (index, rule) in portal.access.enumerated() {
            checkAccess(rule, "portal.access[\(index)]", &context)
        }
    }

    private func checkListeners(_ portal: PortalConfiguration, _ context: inout DecodingContext) {
        guard let inner = portal.internalListen else { return }
        let path = context.isGiven("portal.internal_listen") ? "portal.internal_listen" : "portal.listen"
        if inner == portal.listen {
            let message = "portal.listen and portal.internal_listen are the same, so metrics would be public"
            context.error(path, message, fix: "choose another port")
        }
        if !inner.isLoopback {
            let message = "\(inner) can be reached from other machines: see that only proxies and monitoring can"
            context.warn(path, message, fix: "listen on 127.0.0.1, or guard the port")
        }
    }

    private func checkSocket(_ context: inout DecodingContext) {
        let isGiven = context.isGiven("portal.socket")
        guard let path = configuration.localSocketPath else { return }
        let (count, limit) = (path.utf8.count, LoginConfiguration.maximumSocketPathBytes)
        if count > limit {
            let message = "the socket \(TOMLText.shown(path)) has \(count) bytes, and the system takes \(limit) at most"
            context.error(
                isGiven ? "portal.socket" : "portal",
                message,
                fix: "choose a shorter path, such as socket = \"/run/ent-login/portal.socket\""
            )
        }
    }

    private func checkPublicURL(_ portal: PortalConfiguration, _ context: inout DecodingContext) {
        if portal.publicURL.scheme == "http", !portal.publicURL.isLoopback {
            let message = "passwords would cross the network in clear"
            context.error("portal.public_url", message, fix: "write https://, by portal.tls or a proxy")
        }
        let isOpen = !portal.listen.isLoopback && portal.tls == nil
        if isOpen, portal.publicURL.scheme == "https" {
            let message = "\(portal.listen) answers other machines without TLS"
            let path = context.isGiven("portal.listen") ? "portal.listen" : "portal"
            context.warn(path, message, fix: "add [portal.tls], or listen on 127.0.0.1 behind a proxy")
        }
    }

    private func checkAccess(_ rule: AccessRuleConfiguration, _ path: String, _ context: inout DecodingContext) {
        guard !rule.groups.isEmpty else { return }
        if rule.allow != .active {
            let message = "has no meaning with allow = \"\(rule.allow.rawValue)\""
            context.error("\(path).groups", message, fix: "remove it, or write allow = \"active\"")
        }
        if configuration.active.directory == nil, configuration.active.source == nil, !context.isFaulty("active") {
            let message = "[active] names neither directory nor source, so nobody's groups are known"
            context.error("\(path).groups", message, fix: "add directory = \"NAME\" to [active]")
        }
    }
}
