internal import HostCrypto
public import HostSystem

/// What a browser holds for a remembered login: the name of its series and the series' token of the moment, both 256
/// random bits.
///
/// The series stays the same for as long as the login is remembered; the token is good once. Stores and logs see the
/// hashes of both. The bits are wiped from memory when the last copy of this value goes away.
public struct RememberToken: Sendable {
    /// How many characters the text has: two texts of a session token's length, and a point between them.
    public static let textLength = 2 * SessionToken.textLength + 1

    private let series: SecretBytes
    private let secret: SecretBytes

    /// The hash under which the series is kept.
    let seriesHash: SessionTokenHash

    /// The hash that tells whether this is the series' token of the moment.
    let tokenHash: SessionTokenHash

    private init(series: SecretBytes, secret: SecretBytes) {
        self.series = series
        self.secret = secret
        seriesHash = SessionTokenHash(SHA256Digest(of: series))
        tokenHash = SessionTokenHash(SHA256Digest(of: secret))
    }

    /// Makes the first token of a new series.
    static func random() -> RememberToken {
        RememberToken(
            series: RandomBytes.secret(SessionToken.byteCount),
            secret: RandomBytes.secret(SessionToken.byteCount)
        )
    }

    /// Reads a token, if a text can be one: decided by length and alphabet alone, before anything is looked up.
    /// - Parameter text: The text as it came in a cookie.
    public init?(_ text: String) {
        guard text.utf8.count == Self.textLength else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == SessionToken.textLength }) else { return nil }
        let secrets = parts.compactMap { Base64URL.decodeSecret(String(Substring($0))) }
        guard secrets.count == 2, secrets.allSatisfy({ $0.count == SessionToken.byteCount }) else { return nil }
        self.init(series: secrets[0], secret: secrets[1])
    }

    /// Reads a token, as from `init(_: String)`, without a copy that stays in memory.
    /// - Parameter text: The characters as they stood in a file.
    public init?(_ text: SecretBytes) {
        let length = SessionToken.textLength
        guard text.count == Self.textLength, text[length] == UInt8(ascii: ".") else { return nil }
        let secrets = [0, length + 1].compactMap { start in
            Base64URL.decodeSecret(SecretBytes((0..<length).lazy.map { text[start + $0] }))
        }
        guard secrets.count == 2, secrets.allSatisfy({ $0.count == SessionToken.byteCount }) else { return nil }
        self.init(series: secrets[0], secret: secrets[1])
    }

    /// The text for a cookie.
    public var text: String {
        "\(Base64URL.encode(series)).\(Base64URL.encode(secret))"
    }

    /// The characters of the text, wiped from memory like the token itself: for a file.
    public var secretText: SecretBytes {
        let (name, token) = (Base64URL.encodeSecretly(series), Base64URL.encodeSecretly(secret))
        return SecretBytes(capacity: Self.textLength) { output in
            for position in 0..<name.count { output.append(name[position]) }
            output.append(UInt8(ascii: "."))
            for position in 0..<token.count { output.append(token[position]) }
        }
    }

    /// The token that takes this one's place.
    ///
    /// It is computed, so that parallel requests with the same token get the same successor although nobody keeps it:
    /// HMAC-SHA-256 (RFC 2104) under a key that only the browser has, over a salt that only the store has. Who knows
    /// one of the two knows nothing.
    /// - Parameter salt: Random, new at each use.
    /// - Returns: A token of the same series.
    func successor(_ salt: [UInt8]) -> RememberToken {
        RememberToken(series: series, secret: derived("ent-login remember: token", salt))
    }

    /// The token of the session that this token opens; computed in the manner of `successor(_:)`.
    /// - Parameter salt: Random, new at each use.
    /// - Returns: The session's token.
    func sessionToken(_ salt: [UInt8]) -> SessionToken {
        SessionToken(bytes: derived("ent-login remember: session", salt))
    }

    private func derived(_ purpose: String, _ salt: [UInt8]) -> SecretBytes {
        HMACKey(secret).secret(for: Array(purpose.utf8) + [0] + salt)
    }
}

extension RememberToken: Equatable {
    /// Compares by the hashes, whose bits an attacker cannot choose.
    /// - Parameters:
    ///   - lhs: One token.
    ///   - rhs: The other.
    /// - Returns: True if series and token are the same.
    public static func == (lhs: RememberToken, rhs: RememberToken) -> Bool {
        lhs.seriesHash == rhs.seriesHash && lhs.tokenHash == rhs.tokenHash
    }
}

extension RememberToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text that tells nothing.
    public var description: String { "<remember token>" }

    /// The same fixed text as `description`.
    public var debugDescription: String { description }

    /// An empty mirror, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
