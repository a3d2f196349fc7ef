internal import HostSystem

/// Whose failures an attempt would be: the account's and the networks', or a known device's alone.
struct ThrottleSubject: Sendable, Hashable {
    /// The folded name.
    let account: String
    /// The networks, the narrowest first; none at a terminal.
    let networks: [ThrottleKey]
    /// What the account's share is kept under: the narrowest network, or that it came from this host.
    let origin: String
    let device: KnownDevice?

    /// Puts a subject together.
    /// - Parameters:
    ///   - account: The folded name.
    ///   - networks: Where the attempt comes from, the narrowest network first.
    ///   - device: What the request has proven of its device.
    init(account: String, networks: [ThrottleKey], device: KnownDevice?) {
        self.account = account
        self.networks = networks
        origin = networks.first?.origin ?? "local"
        self.device = device?.account == account ? device : nil
    }

    private init(account: String, origin: String) {
        (self.account, networks, self.origin, device) = (account, [], origin, nil)
    }

    /// The same attempt under another name, whose networks count it already.
    func also(_ account: String) -> ThrottleSubject {
        ThrottleSubject(account: account, origin: origin)
    }

    /// The counters that decide.
    var deciding: [ThrottleKey] {
        if let device { return [ThrottleKey(.device, account: device.account, origin: device.id)] }
        return [ThrottleKey(.account, account: account)] + networks
    }

    /// What this client has brought to the account's counter.
    var share: ThrottleKey { ThrottleKey(.share, account: account, origin: origin) }

    /// The counters that a failure adds to.
    var failing: [ThrottleKey] { deciding + (device == nil ? [share] : []) }

    /// Every counter that an outcome may change.
    var concerned: Set<ThrottleKey> {
        Set(failing + [ThrottleKey(.account, account: account), share])
    }
}

extension ThrottleConfiguration {
    private static let (sitePrefix, regionPrefix) = (56, 48)

    /// The networks of an address literal, the narrowest first; an address that is none stands for itself.
    ///
    /// Whoever has one IPv6 network often has many: a site of 256, a customer of 65,536 (RFC 6177).
    func networks(of literal: String) -> [ThrottleKey] {
        guard let address = NetworkRange(parsing: literal) else {
            return [ThrottleKey(.source, origin: String(literal.prefix(64)))]
        }
        let bytes = NetworkRange.withoutCoat(address.bytes)
        var widths: [(ThrottleKey.Kind, Int)] = [(.source, bytes.count == 4 ? ipv4Prefix : ipv6Prefix)]
        if bytes.count == 16 {
            widths += [(.site, Self.sitePrefix), (.region, Self.regionPrefix)].filter { $0.1 < ipv6Prefix }
        }
        return widths.compactMap { kind, width in
            NetworkRange(bytes: bytes, prefixLength: width).map { ThrottleKey(kind, origin: $0.description) }
        }
    }
}
