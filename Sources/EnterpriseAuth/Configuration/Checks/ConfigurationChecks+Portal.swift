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
            checkDomain(rule, portal, "portal.access[\(index)]", &context)
        }
        checkAsking(portal, &context)
    }

    /// Rules are worth nothing where no proxy may ask about them.
    private func checkAsking(_ portal: PortalConfiguration, _ context: inout DecodingContext) {
        guard !portal.access.isEmpty else { return }
        if portal.trustedProxies.isEmpty, !context.isFaulty("portal.trusted_proxies") {
            let message = "there are rules for protected hosts, and no proxy may ask about them"
            let path = context.isGiven("portal.trusted_proxies") ? "portal.trusted_proxies" : "portal.access[0]"
            context.error(path, message, fix: "name the proxies' addresses: trusted_proxies = [\"127.0.0.1/32\"]")
        }
        if portal.internalListen == nil, context.isGiven("portal.internal_listen") {
            let message = "there are rules for protected hosts, and proxies have no place to ask about them"
            let fix = "remove the line, or name an address such as \"127.0.0.1:8424\""
            context.error("portal.internal_listen", message, fix: fix)
        }
    }

    /// With one cookie for a whole domain every protected host must get it, and must be a place to come back to.
    private func checkDomain(
        _ rule: AccessRuleConfiguration,
        _ portal: PortalConfiguration,
        _ path: String,
        _ context: inout DecodingContext
    ) {
        guard let domain = configuration.session.cookie.domain, rule.allow != .nobody else { return }
        let host = rule.host.hasPrefix("*.") ? String(rule.host.dropFirst(2)) : rule.host
        if host != domain, !host.hasSuffix("." + domain) {
            let message = "\(rule.host) does not get the cookie of session.cookie.domain = \"\(domain)\""
            context.error("\(path).host", message, fix: "name a host of that domain, or remove session.cookie.domain")
        } else if !portal.redirectHosts.contains(where: {
            $0 == rule.host || HostPattern($0.lowercased()).matches(host)
        }) {
            let message = "nobody can come back to \(rule.host) after a login: portal.redirect_hosts does not name it"
            context.error("\(path).host", message, fix: "add \"\(rule.host)\" to portal.redirect_hosts")
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
