/// `[session]`: how long a login lasts and where it is kept.
public struct SessionConfiguration: Sendable, Equatable {
    /// Where sessions are kept.
    public enum Store: Sendable, Equatable {
        /// In this process; they end with it.
        case memory
        /// In an SQLite database at this path.
        case sqlite(path: String)
    }

    /// What happens when a session's token comes from another client than the one that logged in.
    public enum Protection: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// Another User-Agent makes the session not fresh.
        case basic
        /// Another User-Agent or network address ends the session.
        case strong
    }

    /// Where sessions are kept.
    public var store: Store = .memory
    /// The absolute limit, counted from the login.
    public var lifetime: Duration = .seconds(12 * 3600)
    /// The limit without use.
    public var idle: Duration = .seconds(30 * 60)
    /// For how long after the password was given a session counts as fresh.
    public var freshFor: Duration = .seconds(5 * 60)
    /// After how long a session's token is replaced while a browser uses it; zero means never.
    public var renewAfter: Duration = .seconds(15 * 60)
    /// What happens when the token comes from another client.
    public var protection: Protection = .basic
    /// How many sessions one person may have; the oldest ends.
    public var maxPerUser = 20
    /// The browser's cookie.
    public var cookie = CookieConfiguration(name: "__Host-ent_login")

    /// Makes the default limits.
    public init() {}
}
