internal import EnterpriseAuth
internal import FoundationEssentials
internal import HostCrypto
internal import HostSystem

/// What is kept for somebody who has not logged in: flash messages, where to go next, and a number for CSRF tokens.
///
/// It travels in a sealed cookie, so that the server keeps nothing for strangers, and is made only when there is something
/// to keep. It ends at login: nothing of the stranger reaches the person (FL-22).
struct Visitor: Sendable, Codable {
    /// The most bytes that are sealed; with base64url, name and attributes the cookie stays under 4096 (RFC 6265bis 5.5).
    static let maximumBytes = 2800

    /// Names the visitor in CSRF tokens.
    var id: String
    /// When it is over, in milliseconds.
    var expiresAt: Int64
    var data: SessionData
    /// Whether a page with a token of this visitor is out.
    var hasToken: Bool

    init() {
        id = Base64URL.encode(RandomBytes.bytes(16))
        expiresAt = 0
        data = SessionData()
        hasToken = false
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case expiresAt = "expires_at"
        case data
        case hasToken = "has_token"
    }

    /// Whether nothing needs the cookie any more.
    var isSpent: Bool { data.isEmpty && !hasToken }

    /// Opens a cookie's text.
    /// - Returns: Nil for whatever this server has not sealed under this name, and for what is over.
    static func open(_ text: String, as name: String, with key: SealingKey, now: Int64) -> Visitor? {
        guard let box = Base64URL.decode(text),
            let content = try? key.open(box, purpose: purpose(name)),
            let json = content.text,
            let visitor = try? JSONDecoder().decode(Visitor.self, from: Data(json.utf8)),
            now < visitor.expiresAt
        else { return nil }
        return visitor
    }

    /// Whether a cookie could carry it with these data.
    func fits(_ data: SessionData) -> Bool {
        var changed = self
        changed.data = data
        return changed.content != nil
    }

    /// The cookie's text; nil if it would be too long.
    func sealed(as name: String, with key: SealingKey) -> String? {
        content.map { Base64URL.encode(key.seal(SecretBytes($0), purpose: Self.purpose(name))) }
    }

    private var content: Data? {
        guard let json = try? JSONEncoder().encode(self), json.count <= Self.maximumBytes else { return nil }
        return json
    }

    private static func purpose(_ name: String) -> String { "visitor cookie \(name)" }
}
