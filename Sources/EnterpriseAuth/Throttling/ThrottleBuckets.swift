internal import HostCrypto
internal import HostSystem

/// Which counter those share for whom there is no room for one of their own.
///
/// Under a key, so that nobody can choose names or networks that share one with somebody else's.
struct ThrottleBuckets: Sendable {
    /// The name of the key in a `SecretStore`.
    static let secretName = "throttle"

    private let key: HMACKey
    private let count: UInt64

    init(key: SecretBytes, count: Int) {
        self.key = HMACKey(key)
        self.count = UInt64(max(count, 1))
    }

    func bucket(of key: ThrottleKey) -> ThrottleKey {
        // Neither a folded name nor a network holds a NUL, so that it is clear where the first part ends.
        let message = [key.kind.rawValue] + Array(key.account.utf8) + [0] + Array(key.origin.utf8)
        return ThrottleKey(key.kind, shared: self.key.code(for: message).prefix % count)
    }
}
