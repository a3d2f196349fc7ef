internal import HostSystem

/// Whose failures an attempt would be: the account's and the network's, or a known device's alone.
struct ThrottleSubject: Sendable, Hashable {
    /// The folded name; nil where a challenge is answered that nobody knows of.
    let account: String?
    /// The network; nil at a terminal.
    let network: String?
    /// What the account's share is kept under: the network, or that it came from this host.
    let origin: String
    let device: KnownDevice?

    init(account: String?, network: String?, device: KnownDevice?) {
        self.account = account
        self.network = network
        origin = network ?? "local"
        self.device = device?.account == account ? device : nil
    }

    /// The counters that decide.
    var deciding: [ThrottleKey] {
        if let device { return [ThrottleKey(.device, account: device.account, origin: device.id)] }
        return [account.map { ThrottleKey(.account, account: $0) }, network.map { ThrottleKey(.source, origin: $0) }]
            .compactMap(\.self)
    }

    /// What this client has brought to the account's counter.
    var share: ThrottleKey? { account.map { ThrottleKey(.share, account: $0, origin: origin) } }

    /// The counters that a failure adds to.
    var failing: [ThrottleKey] { deciding + (device == nil ? [share].compactMap(\.self) : []) }

    /// Every counter that an outcome may change.
    var concerned: Set<ThrottleKey> {
        Set(failing + [account.map { ThrottleKey(.account, account: $0) }, share].compactMap(\.self))
    }
}

extension ThrottleConfiguration {
    /// The network of an address literal; an address that is none stands for itself.
    func network(of literal: String) -> String {
        guard let address = NetworkRange(parsing: literal) else { return String(literal.prefix(64)) }
        let bytes = NetworkRange.withoutCoat(address.bytes)
        let range = NetworkRange(bytes: bytes, prefixLength: bytes.count == 4 ? ipv4Prefix : ipv6Prefix)
        return range?.description ?? String(literal.prefix(64))
    }
}
