/// A cookie that carries a token.
public struct CookieConfiguration: Sendable, Equatable {
    /// The `SameSite` attribute (RFC 6265bis, section 5.6.7).
    public enum SameSite: String, Sendable, CaseIterable {
        /// Sent with requests from the same site only.
        case strict
        /// Sent also when a person follows a link from another site.
        case lax
    }

    /// The cookie's name; `__Host-` and `__Secure-` have rules of their own (RFC 6265bis, section 4.1.3).
    public var name: String
    /// The `SameSite` attribute.
    public var sameSite: SameSite = .lax
    /// Whether the cookie travels over TLS only; false is for loopback listeners.
    public var secure = true
    /// The path below which it is sent, which the file does not set: `__Host-` names need `/`.
    public var path = "/"
    /// The domain whose hosts all get the cookie; nil means the portal's host only.
    public var domain: String?

    /// Makes a cookie with the strictest attributes that a login allows.
    /// - Parameter name: The cookie's name.
    public init(name: String) {
        self.name = name
    }
}
