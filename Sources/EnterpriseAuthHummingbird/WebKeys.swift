internal import EnterpriseAuth
internal import HostCrypto
internal import HostSystem

/// The keys of the web layer, each for one purpose, all made of one.
struct WebKeys: Sendable {
    let visitors: SealingKey
    let forgery: HMACKey
    let devices: KnownDeviceKey

    /// Takes the key that the others are made of.
    init(_ master: SecretBytes) {
        let source = HMACKey(master)
        func key(_ purpose: String) -> SecretBytes { SecretBytes(source.code(for: Array(purpose.utf8)).bytes) }
        visitors = SealingKey(key("visitor cookies"))
        forgery = HMACKey(key("forgery tokens"))
        devices = KnownDeviceKey(key("known devices"))
    }
}
