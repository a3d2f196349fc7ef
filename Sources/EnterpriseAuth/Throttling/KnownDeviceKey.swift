internal import HostCrypto
public import HostSystem

/// Makes and checks the proofs by which a device is known again, for a cookie of its own.
///
/// A proof is handed out after a successful login, says nothing of a session, opens nothing, and outlives logout: it only
/// tells an old acquaintance from a stranger (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Who steals
/// it may guess as often as that person on that device. A new key makes all devices strangers.
public struct KnownDeviceKey: Sendable {
    private static let purpose = Array("ent-login known device 1".utf8)
    private static let idLength = 16

    private let key: HMACKey

    /// Takes the key.
    /// - Parameter secret: At least 16 bytes, 32 random ones at best, that stay the same over restarts.
    public init(_ secret: SecretBytes) {
        key = HMACKey(secret)
    }

    /// Makes a proof for a device from which somebody has just logged in.
    /// - Parameters:
    ///   - username: The name as it was typed in that login.
    ///   - now: The time of day.
    ///   - device: The device, if it is known already; it keeps its counter.
    /// - Returns: Letters, digits, `-`, `_` and dots.
    public func proof(for username: String, at now: Timestamp, renewing device: KnownDevice? = nil) -> String {
        let id = device.flatMap { Base64URL.decode($0.id) } ?? RandomBytes.bytes(Self.idLength)
        let code = key.code(for: Self.message(id, now.milliseconds, AccountName.folded(username)))
        return "\(Base64URL.encode(id)).\(now.milliseconds).\(Base64URL.encode(code.bytes))"
    }

    /// Checks a proof.
    /// - Parameters:
    ///   - proof: What the client sent.
    ///   - username: The name as it is typed now.
    ///   - now: The time of day.
    ///   - lifetime: For how long a proof is good.
    /// - Returns: The device, or nil if nothing is proven for that name.
    public func device(
        proof: String,
        username: String,
        at now: Timestamp,
        lifetime: Duration
    ) -> KnownDevice? {
        guard proof.utf8.count <= 128 else { return nil }
        let parts = proof.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let id = Base64URL.decode(parts[0]), id.count == Self.idLength,
            let made = Int64(parts[1]), let code = Base64URL.decode(parts[2])
        else { return nil }
        let account = AccountName.folded(username)
        let age = now.since(Timestamp(milliseconds: made))
        guard age >= .zero, age < lifetime, key.isValid(code, for: Self.message(id, made, account)) else { return nil }
        return KnownDevice(account: account, id: parts[0])
    }

    /// What a code is about; only the last part may have any length.
    private static func message(_ id: [UInt8], _ milliseconds: Int64, _ account: String) -> [UInt8] {
        purpose + id + Array("\(milliseconds).".utf8) + Array(account.utf8)
    }
}
