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
        remember.enabled = true
        remember.cookie = Self.cookie(environment["REMEMBER_COOKIE_NAME"] ?? "remember")
        remember.cookie.domain = environment["REMEMBER_COOKIE_DOMAIN"]
        if let text = environment["REMEMBER_COOKIE_DURATION"] {
            guard let seconds = Int64(text), seconds > 0 else {
                throw Mistake(name: "REMEMBER_COOKIE_DURATION", value: text, expected: "whole seconds")
            }
            remember.lifetime = .seconds(seconds)
        }
        // A remembered login always gets a new token when it is used; the variable is read so that a typo is seen.
        _ = try Self.flag(environment, "REMEMBER_COOKIE_REFRESH_EACH_REQUEST")
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
