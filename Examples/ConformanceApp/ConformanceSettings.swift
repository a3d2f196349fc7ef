internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird

/// The settings of the fixture, by the names that Flask-Login has for them.
struct ConformanceSettings: Sendable {
    /// A value that cannot be meant; the program does not start with it.
    struct Mistake: Error, Equatable, CustomStringConvertible {
        let name: String
        let value: String
        let expected: String

        var description: String { "\(name)=\(value): expected \(expected)" }
    }

    var web = WebLoginSettings()
    var protection = SessionConfiguration.Protection.none
    var remember = RememberConfiguration()

    /// Without any variable: no views, no protection, cookies that plain HTTP clients on loopback can keep.
    init(_ environment: [String: String] = [:]) throws(Mistake) {
        web.cookie = Self.cookie(environment["SESSION_COOKIE_NAME"] ?? "session")
        web.visitorCookie = Self.cookie("visitor")
        web.deviceCookie = nil
        web.loginView = environment["LOGIN_VIEW"].flatMap(Self.view)
        web.refreshView = environment["REFRESH_VIEW"].flatMap(Self.view)
        web.loginMessage = Self.message(environment, "LOGIN_MESSAGE", web.loginMessage)
        web.refreshMessage = Self.message(environment, "NEEDS_REFRESH_MESSAGE", web.refreshMessage)
        web.usesSessionForNext = try Self.flag(environment, "USE_SESSION_FOR_NEXT")
        web.forcedHost = environment["FORCE_HOST_FOR_REDIRECTS"].flatMap { $0.isEmpty ? nil : $0 }
        for text in (environment["TRUSTED_PROXIES"] ?? "").split(separator: ",") {
            guard let range = NetworkRange(parsing: String(text)) else {
                throw Mistake(name: "TRUSTED_PROXIES", value: String(text), expected: "addresses or networks")
            }
            web.trustedProxies.append(range)
        }
        if let text = environment["SESSION_PROTECTION"], !text.isEmpty {
            guard let value = SessionConfiguration.Protection(rawValue: text.lowercased()) else {
                throw Mistake(name: "SESSION_PROTECTION", value: text, expected: "none, basic or strong")
            }
            protection = value
        }
        remember = try Self.remember(environment)
        web.rememberCookie = remember.cookie
        web.refreshesRememberCookie = try Self.flag(environment, "REMEMBER_COOKIE_REFRESH_EACH_REQUEST")
        let names = [web.cookie.name, web.visitorCookie.name, web.rememberCookie.name]
        guard Set(names).count == names.count else {
            let expected = "a name that no other cookie has"
            throw Mistake(name: "REMEMBER_COOKIE_NAME", value: web.rememberCookie.name, expected: expected)
        }
    }

    /// Where nothing is said, Flask-Login's values and its fixture's name; but `SameSite` is never left to the browser.
    private static func remember(_ environment: [String: String]) throws(Mistake) -> RememberConfiguration {
        var remember = RememberConfiguration()
        remember.enabled = true
        remember.lifetime = .seconds(365 * 86_400)
        remember.cookie = cookie(environment["REMEMBER_COOKIE_NAME"] ?? "remember")
        remember.cookie.domain = environment["REMEMBER_COOKIE_DOMAIN"].flatMap { $0.isEmpty ? nil : $0 }
        remember.cookie.secure = try flag(environment, "REMEMBER_COOKIE_SECURE")
        if let text = environment["REMEMBER_COOKIE_DURATION"] {
            guard let seconds = Int64(text), (1...36_500 * 86_400).contains(seconds) else {
                throw Mistake(name: "REMEMBER_COOKIE_DURATION", value: text, expected: "whole seconds")
            }
            remember.lifetime = .seconds(seconds)
        }
        if let text = environment["REMEMBER_COOKIE_PATH"] {
            let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ";") }
            guard isPlain, text.hasPrefix("/") else {
                throw Mistake(name: "REMEMBER_COOKIE_PATH", value: text, expected: "a path")
            }
            remember.cookie.path = text
        }
        if let text = environment["REMEMBER_COOKIE_SAMESITE"], !text.isEmpty {
            guard let value = CookieConfiguration.SameSite(rawValue: text.lowercased()) else {
                throw Mistake(name: "REMEMBER_COOKIE_SAMESITE", value: text, expected: "Lax or Strict")
            }
            remember.cookie.sameSite = value
        }
        // Scripts never see a token, so this cannot be switched off.
        if let text = environment["REMEMBER_COOKIE_HTTPONLY"], try !flag(environment, "REMEMBER_COOKIE_HTTPONLY") {
            throw Mistake(name: "REMEMBER_COOKIE_HTTPONLY", value: text, expected: "true")
        }
        return remember
    }

    private static func cookie(_ name: String) -> CookieConfiguration {
        var cookie = CookieConfiguration(name: name)
        cookie.secure = false
        return cookie
    }

    /// A path or an address; a view's plain name stands for the path of that name.
    private static func view(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        return text.hasPrefix("/") || text.contains("://") ? text : "/\(text)"
    }

    /// An empty text means that nothing is said.
    private static func message(_ environment: [String: String], _ name: String, _ usual: FlashMessage?)
        -> FlashMessage?
    {
        let text = environment[name] ?? usual?.text ?? ""
        return text.isEmpty ? nil : FlashMessage(text, category: environment["\(name)_CATEGORY"] ?? "message")
    }

    private static func flag(_ environment: [String: String], _ name: String) throws(Mistake) -> Bool {
        switch environment[name]?.lowercased() {
        case nil, "", "0", "false", "no": return false
        case "1", "true", "yes": return true
        case let text?: throw Mistake(name: name, value: text, expected: "true or false")
        }
    }
}
