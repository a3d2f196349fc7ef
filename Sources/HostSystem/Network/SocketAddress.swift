internal import Glibc

/// Where a socket can connect to: an IPv4 or IPv6 address with a port, or a Unix-domain path.
public struct SocketAddress: Sendable, Hashable {
    /// The families that can be used.
    public enum Family: Sendable, Hashable {
        /// An IPv4 address (`AF_INET`).
        case ipv4
        /// An IPv6 address (`AF_INET6`).
        case ipv6
        /// A path on this host (`AF_UNIX`).
        case unix
    }

    /// The family.
    public let family: Family

    /// The bytes of the `sockaddr_in`, `sockaddr_in6` or `sockaddr_un`, as connect(2) takes them.
    public let bytes: [UInt8]

    /// An address from its written form, such as `192.0.2.1`, `2001:db8::1` or `fe80::1%eth0`.
    /// - Parameters:
    ///   - literal: An address, without brackets; names and short forms (`127.1`) are not addresses.
    ///   - port: The port in host byte order.
    public init?(literal: String, port: UInt16) {
        guard !literal.utf8.contains(0) else { return nil }
        var ipv4 = sockaddr_in()
        var ipv6 = sockaddr_in6()
        if unsafe inet_pton(AF_INET, literal, &ipv4.sin_addr) == 1 {
            ipv4.sin_family = sa_family_t(AF_INET)
            ipv4.sin_port = port.bigEndian
            self = unsafe withUnsafeBytes(of: ipv4) { SocketAddress(family: .ipv4, bytes: unsafe Array($0)) }
            return
        }
        let parts = literal.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard unsafe inet_pton(AF_INET6, String(parts[0]), &ipv6.sin6_addr) == 1 else { return nil }
        if parts.count == 2 {
            let zone = String(parts[1])
            ipv6.sin6_scope_id = unsafe UInt32(zone) ?? if_nametoindex(zone)
            guard ipv6.sin6_scope_id != 0 else { return nil }
        }
        ipv6.sin6_family = sa_family_t(AF_INET6)
        ipv6.sin6_port = port.bigEndian
        self = unsafe withUnsafeBytes(of: ipv6) { SocketAddress(family: .ipv6, bytes: unsafe Array($0)) }
    }

    /// A Unix-domain socket's address.
    /// - Parameter path: The socket's path; at most 107 bytes, not empty, no NUL (unix(7)).
    public init?(unixPath path: String) {
        var address = sockaddr_un()
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        let text = Array(path.utf8)
        guard !text.isEmpty, text.count < capacity, !text.contains(0) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: text) }
        self = unsafe withUnsafeBytes(of: address) { SocketAddress(family: .unix, bytes: unsafe Array($0)) }
    }

    private init(family: Family, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// Copies an address that the system filled in; nil for families other than IPv4 and IPv6.
    init?(copying raw: UnsafeRawBufferPointer) {
        let sizes = (MemoryLayout<sockaddr_in>.size, MemoryLayout<sockaddr_in6>.size)
        guard raw.count >= MemoryLayout<sa_family_t>.size else { return nil }
        switch unsafe Int32(raw.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where raw.count >= sizes.0:
            self = unsafe SocketAddress(family: .ipv4, bytes: Array(raw.prefix(sizes.0)))
        case AF_INET6 where raw.count >= sizes.1:
            self = unsafe SocketAddress(family: .ipv6, bytes: Array(raw.prefix(sizes.1)))
        default:
            return nil
        }
    }

    /// The port, nil for a path.
    public var port: UInt16? {
        // The port stands in the same place in both structures, in network byte order.
        family == .unix ? nil : UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }

    /// The address without its port in its canonical written form, or the path.
    public var host: String {
        switch family {
        case .unix:
            String(decoding: bytes.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
        case .ipv4:
            bytes[4..<8].map(String.init).joined(separator: ".")
        case .ipv6:
            ipv6Text + (scope == 0 ? "" : "%\(scope)")
        }
    }

    /// Whether it can only be reached from this host: 127.0.0.0/8, `::1`, the first inside the second, or a path.
    public var isLoopback: Bool {
        switch family {
        case .unix: true
        case .ipv4: bytes[4] == 127
        case .ipv6:
            bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
                || bytes[8..<18].allSatisfy { $0 == 0 } && bytes[18] == 0xff && bytes[19] == 0xff && bytes[20] == 127
        }
    }

    /// The same address with another port; a path stays as it is.
    /// - Parameter port: The port in host byte order.
    /// - Returns: The changed address.
    public func with(port: UInt16) -> SocketAddress {
        guard family != .unix else { return self }
        var bytes = bytes
        bytes[2] = UInt8(port >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: port)
        return SocketAddress(family: family, bytes: bytes)
    }

    /// The abstract name (unix(7)) that a path stands for: its first character becomes NUL, and nothing follows the rest.
    var abstract: SocketAddress {
        let name = bytes.dropFirst(3).prefix { $0 != 0 }
        return SocketAddress(family: .unix, bytes: bytes.prefix(2) + [0] + name)
    }

    /// Lends the address in the form that connect(2) and its relatives take.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { raw in
            // Sound: the array holds a whole sockaddr structure, and array storage is aligned for any of them.
            let pointer = unsafe raw.assumingMemoryBound(to: sockaddr.self)
            guard let address = pointer.baseAddress else { preconditionFailure("an address has bytes") }
            return unsafe body(address, socklen_t(raw.count))
        }
    }

    private var scope: UInt32 {
        bytes[24..<28].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private var ipv6Text: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let address = Array(bytes[8..<24])
        guard unsafe inet_ntop(AF_INET6, address, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `192.0.2.1:389`, `[2001:db8::1]:389` or the path.
    public var description: String {
        guard let port else { return host }
        return family == .ipv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
