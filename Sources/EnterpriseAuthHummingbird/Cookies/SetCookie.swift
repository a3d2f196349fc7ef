package import EnterpriseAuth
package import HTTPTypes

/// Writes `Set-Cookie` lines (RFC 6265bis section 4.1).
package enum SetCookie {
    /// What happens to a cookie at the end of a request.
    package enum Change: Sendable, Equatable {
        case none
        /// Set; without an age it ends with the browser's session.
        case set(String, maximumAge: Duration?)
        case delete
    }

    /// Adds the line for a cookie, in the place of any other for the same name: one line a name (RFC 6265bis 4.1).
    package static func apply(_ change: Change, _ cookie: CookieConfiguration, to headers: inout HTTPFields) {
        let line: String
        switch change {
        case .none: return
        case .set(let value, let age): line = "\(cookie.name)=\(value)" + attributes(of: cookie, age: age)
        // All attributes again: browsers take a cookie of other attributes for another one, or refuse the line.
        case .delete:
            line = "\(cookie.name)=; Expires=Thu, 01 Jan 1970 00:00:00 GMT" + attributes(of: cookie, age: .zero)
        }
        let others = headers[values: .setCookie].filter { !$0.utf8.starts(with: "\(cookie.name)=".utf8) }
        headers[values: .setCookie] = others + [line]
    }

    private static func attributes(of cookie: CookieConfiguration, age: Duration?) -> String {
        var text = ""
        if let age { text += "; Max-Age=\(max(0, age.components.seconds))" }
        if let domain = cookie.domain { text += "; Domain=\(domain)" }
        text += "; Path=\(cookie.path)"
        if cookie.secure { text += "; Secure" }
        text += "; HttpOnly; SameSite="
        switch cookie.sameSite {
        case .lax: text += "Lax"
        case .strict: text += "Strict"
        }
        return text
    }
}
