extension ConfigurationChecks {
    func checkSession(_ context: inout DecodingContext) {
        let session = configuration.session
        for (key, time) in [("idle", session.idle), ("fresh_for", session.freshFor)] where time > session.lifetime {
            let message = "is longer than session.lifetime, which ends the session before"
            context.error("session.\(key)", message, fix: "make the lifetime longer, or this shorter")
        }
        checkCookie(session.cookie, "session.cookie", &context)
        checkCookie(configuration.remember.cookie, "remember.cookie", &context)
        let own = session.cookie.name
        if ["", "_state", "_visitor", "_device"].contains(where: { own + $0 == configuration.remember.cookie.name }) {
            let path = context.isGiven("remember.cookie.name") ? "remember.cookie.name" : "session.cookie.name"
            let message =
                own == configuration.remember.cookie.name
                ? "the session and the remember-me cookie have the same name"
                : "the portal has another cookie of this name"
            context.error(path, message, fix: "choose another")
        }
    }

    // RFC 6265bis, section 4.1.3: browsers drop a cookie that breaks the rules of its name, and nobody could log in.
    private func checkCookie(_ cookie: CookieConfiguration, _ path: String, _ context: inout DecodingContext) {
        let place = { [context] (key: String) in context.isGiven("\(path).\(key)") ? "\(path).\(key)" : "\(path).name" }
        let isHostOnly = cookie.name.lowercased().hasPrefix("__host-")
        let isSecureName = cookie.name.lowercased().hasPrefix("__secure-")
        if let domain = cookie.domain {
            if !isSecureName {
                let name = TOMLText.quoted("__Secure-ent_login")
                let message = isHostOnly ? "a __Host- cookie can have no domain" : "a domain needs a __Secure- name"
                context.error(place("domain"), message, fix: "remove the domain, or write name = \(name)")
            }
            checkDomain(domain, "\(path).domain", &context)
        }
        guard !cookie.secure else { return }
        if isHostOnly || isSecureName {
            let message = "secure = false contradicts the name \(TOMLText.shown(cookie.name))"
            context.error(place("secure"), message, fix: "write secure = true, or a name without prefix")
        }
        if let portal = configuration.portal, !portal.listen.isLoopback || !portal.publicURL.isLoopback {
            let message = "secure = false is for a portal on loopback, and this one is reached as \(portal.publicURL)"
            context.error(place("secure"), message, fix: "write secure = true")
        }
    }

    private func checkDomain(_ domain: String, _ path: String, _ context: inout DecodingContext) {
        guard let host = configuration.portal?.publicURL.host, host != domain, !host.hasSuffix("." + domain) else {
            return
        }
        let message = "the portal at \(host) cannot set cookies for \(domain)"
        context.error(path, message, fix: "choose a domain that portal.public_url lies in")
    }
}
