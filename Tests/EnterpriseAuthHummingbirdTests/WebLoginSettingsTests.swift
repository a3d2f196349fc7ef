import EnterpriseAuth
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("The settings of the web layer")
struct WebLoginSettingsTests {
    @Test("FL-02: are Flask-Login's unless something else is said")
    func defaults() {
        let settings = WebLoginSettings()
        #expect(settings.loginView == nil && settings.refreshView == nil)
        #expect(settings.loginMessage == FlashMessage("Please log in to access this page.", category: "message"))
        let refresh = FlashMessage("Please reauthenticate to access this page.", category: "message")
        #expect(settings.refreshMessage == refresh)
        #expect(settings.anonymousUser() is AnonymousUser)
        #expect(settings.localize == nil && settings.unauthorized == nil && settings.needsRefresh == nil)
        #expect(!settings.usesSessionForNext && settings.forcedHost == nil && settings.nextField == "next")
        #expect(SessionConfiguration().protection == .basic)
    }

    @Test("FL-02: cookies are Secure and for one host, which Flask-Login's are not")
    func cookies() {
        let settings = WebLoginSettings()
        let cookies = [settings.cookie, settings.visitorCookie, settings.rememberCookie, settings.deviceCookie]
        #expect(Set(settings.cookieNames).count == 4)
        for cookie in cookies.compactMap(\.self) {
            #expect(cookie.secure && cookie.domain == nil && cookie.sameSite == .lax)
            #expect(cookie.name.hasPrefix("__Host-"))
        }
    }

    @Test("come from the configuration file, with the portal's origin, hosts and proxies if there is one")
    func configured() throws {
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(login: LoginSettings(providers: []), providers: [:], active: active)
        configuration.session.cookie = CookieConfiguration(name: "__Host-own")
        #expect(WebLoginSettings(configuration).origin == nil)
        var portal = PortalConfiguration(publicURL: try #require(WebOrigin(parsing: "https://login.example.org")))
        portal.redirectHosts = ["*.example.org"]
        portal.trustedProxies = [try #require(NetworkRange(parsing: "10.0.0.0/8"))]
        configuration.portal = portal
        let settings = WebLoginSettings(configuration)
        #expect(settings.cookie.name == "__Host-own" && settings.visitorCookie.name == "__Host-own_visitor")
        #expect(settings.rememberCookie.name == "__Host-ent_login_remember")
        #expect(settings.deviceCookie?.name == "__Host-own_device")
        #expect(settings.origin == portal.publicURL)
        #expect(settings.redirectHosts == portal.redirectHosts)
        #expect(settings.trustedProxies == portal.trustedProxies)
        configuration.throttle.enabled = false
        configuration.session.cookie = CookieConfiguration(name: "__Secure-own")
        configuration.session.cookie.domain = "example.org"
        #expect(WebLoginSettings(configuration).deviceCookie == nil)
        configuration.throttle.enabled = true
        #expect(WebLoginSettings(configuration).deviceCookie?.domain == nil)
        #expect(WebLoginSettings(configuration).visitorCookie.domain == "example.org")
    }
}
