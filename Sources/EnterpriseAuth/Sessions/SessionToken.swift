internal import HostCrypto
public import HostSystem

/// What a person's browser or state file holds to show whose session it is: 256 random bits and nothing else.
///
/// The bits are wiped from memory when the last copy of this value goes away. The ways out are `text`, for a cookie, and
/// `secretText`, which is wiped in its turn. Two tokens are equal if their hashes are.
public struct SessionToken: Sendable {
    /// How many random bytes a token has.
    public static let byteCount = 32

    /// How many characters the text has: base64url (RFC 4648 section 5) without padding.
    public static let textLength = 43

    private let secret: SecretBytes

    /// The hash under which the session is kept.
    public let hash: SessionTokenHash

    init(bytes secret: SecretBytes) {
        self.secret = secret
        hash = SessionTokenHash(SHA256Digest(of: secret))
    }

    /// Makes a token that has never been.
    static func random() -> SessionToken {
        SessionToken(bytes: RandomBytes.secret(byteCount))
    }

    /// Reads a token, if a text can be one.
    ///
    /// Decided by length and alphabet alone, before anything is looked up. There is one text for every token: the
    /// spare bits of the last character must be zero.
    /// - Parameter text: The text as it came in a cookie or a file.
    public init?(_ text: String) {
        guard text.utf8.count == Self.textLength else { return nil }
        guard let secret = Base64URL.decodeSecret(text), secret.count == Self.byteCount else { return nil }
        self.init(bytes: secret)
    }

    /// Reads a token, as from `init(_: String)`, without a copy that stays in memory.
    /// - Parameter text: The characters as they stood in a file.
    public init?(_ text: SecretBytes) {
        guard text.count == Self.textLength else { return nil }
        guard let secret = Base64URL.decodeSecret(text), secret.count == Self.byteCount else { return nil }
        self.init(bytes: secret)
    }

    /// The text for a cookie.
    public var text: String {
        Base64URL.encode(secret)
    }

    /// The characters of the text, wiped from memory like the token itself: for a file.
    public var secretText: SecretBytes {
        Base64URL.encodeSecretly(secret)
    }
}

extension SessionToken: Equatable {
    /// Compares by the hashes, whose bits an attacker cannot choose.
    /// - Parameters:
    ///   - lhs: One token.
    ///   - rhs: The other.
    /// - Returns: True if they are the same.
    public static func == (lhs: SessionToken, rhs: SessionToken) -> Bool {
        lhs.hash == rhs.hash
    }
}

extension SessionToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text that tells nothing.
    public var description: String { "<session token>" }

    /// The same fixed text as `description`.
    public var debugDescription: String { description }

    /// An empty mirror, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
