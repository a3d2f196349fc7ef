public import EnterpriseAuth
package import HTTPTypes
package import Logging

/// Tells the address of a person's machine behind proxies that are trusted to say it.
///
/// `X-Forwarded-For` counts only if the peer is a trusted proxy. Its addresses are read from the right, where the last
/// proxy wrote; the first that is no trusted proxy is the person's. Anything that is no address makes the whole header
/// worthless: then it is the peer's (OWASP ASVS 4.1.3, 15.3.4).
public struct TrustedProxies: Sendable {
    /// The most hops that are read.
    private static let maximumHops = 32

    private let ranges: [NetworkRange]

    /// Trusts peers.
    /// - Parameter ranges: Whose headers are believed.
    public init(_ ranges: [NetworkRange]) {
        self.ranges = ranges.map(\.withoutCoat)
    }

    /// The address of the person's machine.
    /// - Parameters:
    ///   - peer: The address of the connection's other end, as a literal; nil if there is none.
    ///   - forwardedFor: The values of all `X-Forwarded-For` lines in their order.
    /// - Returns: A literal in its short form, IPv4 inside IPv6 (`::ffff:192.0.2.1`) as IPv4; nil if the peer has none.
    public func client(peer: String?, forwardedFor: [String]) -> String? {
        guard let peer else { return nil }
        // The usual case: nothing to read, and IPv4 has one form only, which is the system's.
        if forwardedFor.isEmpty, !peer.utf8.contains(UInt8(ascii: ":")) { return peer }
        guard let connected = Self.address(peer) else { return peer }
        guard !forwardedFor.isEmpty, isTrusted(connected) else { return Self.literal(connected) }
        var farthest = (address: connected, text: Substring(peer))
        let hops = forwardedFor.joined(separator: ",").utf8
            .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        // What stands farther left than that, nobody has to believe; it does not spoil what stands on the right.
        for hop in hops.suffix(Self.maximumHops).reversed() {
            let text = Substring(hop).trimmingSpaces()
            guard let address = Self.address(text) else { return Self.literal(connected) }
            farthest = (address, text)
            guard isTrusted(address) else { break }
        }
        let isShort = Self.plainIPv4(farthest.text.utf8) != nil
        return isShort ? String(farthest.text) : Self.literal(farthest.address)
    }

    /// Where a request comes from, as sessions and the audit log know it.
    /// - Parameters:
    ///   - head: The request.
    ///   - peer: The address of the connection's other end, as a literal; nil if there is none.
    ///   - logger: The request's logger, which knows the request's id.
    /// - Returns: The client.
    package func client(of head: HTTPRequest, peer: String?, logger: Logger) -> SessionClient {
        SessionClient(
            address: client(peer: peer, forwardedFor: head.headerFields[values: .forwardedFor]),
            userAgent: head.headerFields[.userAgent],
            requestID: logger[metadataKey: "hb.request.id"]?.description
        )
    }

    /// Whether a peer is a trusted proxy.
    /// - Parameter peer: The address of the connection's other end, as a literal.
    /// - Returns: True if it is.
    package func isTrusted(peer: String) -> Bool {
        Self.address(peer).map(isTrusted) ?? false
    }

    /// Whether an address is a trusted proxy's.
    func isTrusted(_ address: [UInt8]) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// The bytes of an address; some proxies write a port behind it, or brackets around it.
    private static func address(_ text: some StringProtocol) -> [UInt8]? {
        if let plain = plainIPv4(text.utf8) { return plain }
        var literal = String(text)
        if literal.hasPrefix("["), let close = literal.firstIndex(of: "]") {
            let rest = literal[literal.index(after: close)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            literal = String(literal[literal.index(after: literal.startIndex)..<close])
        } else if let colon = literal.firstIndex(of: ":"), literal.firstIndex(of: ".") ?? colon < colon {
            // A dot before the only colon: IPv4 with a port.
            guard isPort(literal[colon...]) else { return nil }
            literal = String(literal[..<colon])
        }
        guard !literal.contains("/"), !literal.contains("%"), let range = NetworkRange(parsing: literal) else {
            return nil
        }
        return range.withoutCoat.bytes
    }

    /// The bytes of an IPv4 address in its short form, which nearly all are; nil for everything else.
    private static func plainIPv4(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard (7...15).contains(text.count) else { return nil }
        var bytes: [UInt8] = []
        var number: Int?
        for byte in text {
            switch byte {
            case UInt8(ascii: "."):
                guard let part = number, bytes.count < 3 else { return nil }
                bytes.append(UInt8(part))
                number = nil
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let next = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                guard number != 0, next <= 255 else { return nil }
                number = next
            default: return nil
            }
        }
        guard let part = number, bytes.count == 3 else { return nil }
        return bytes + [UInt8(part)]
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && UInt16(text.dropFirst()) != nil
    }

    private static func literal(_ address: [UInt8]) -> String? {
        let range = NetworkRange(bytes: address, prefixLength: address.count * 8)
        return range?.description.split(separator: "/").first.map(String.init)
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
