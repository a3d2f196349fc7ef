import EnterpriseAuth
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("The address behind trusted proxies")
struct TrustedProxiesTests {
    private static let proxies = TrustedProxies(
        ["10.0.0.0/8", "127.0.0.1", "::1", "2001:db8:1::/48"].compactMap(NetworkRange.init(parsing:))
    )

    @Test(
        "is the last hop that is not trusted",
        arguments: [
            // The peer, the header, the address.
            ("127.0.0.1", ["192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", ["198.51.100.1, 192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", ["192.0.2.1, 10.1.1.1, 10.2.2.2"], "192.0.2.1"),
            ("127.0.0.1", ["192.0.2.1", "10.1.1.1"], "192.0.2.1"),
            ("10.9.9.9", ["10.1.1.1"], "10.1.1.1"),
            ("::1", [" 2001:DB8:2::0001 "], "2001:db8:2::1"),
            ("2001:db8:1::5", ["[2001:db8:2::1]:443"], "2001:db8:2::1"),
            ("127.0.0.1", ["192.0.2.1:51000"], "192.0.2.1"),
            ("::ffff:127.0.0.1", ["::ffff:192.0.2.1"], "192.0.2.1"),
            // What a client wrote on the left does not matter, however it looks.
            ("127.0.0.1", ["junk, 192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", [String(repeating: "1.1.1.1,", count: 100) + "192.0.2.1"], "192.0.2.1"),
        ]
    )
    func behind(_ peer: String, _ header: [String], _ address: String) {
        #expect(Self.proxies.client(peer: peer, forwardedFor: header) == address)
    }

    @Test(
        "is the peer's where the peer is not trusted, or the header is not to be read",
        arguments: [
            ("192.0.2.9", ["198.51.100.1"]), ("2001:db8:2::9", ["198.51.100.1"]), ("127.0.0.1", []),
            ("127.0.0.1", [""]), ("127.0.0.1", ["unknown"]), ("127.0.0.1", ["_hidden"]), ("127.0.0.1", ["192.0.2.1,"]),
            ("127.0.0.1", ["192.0.2.1, "]), ("127.0.0.1", ["192.0.2.256"]), ("127.0.0.1", ["192.0.2.1/24"]),
            ("127.0.0.1", ["fe80::1%eth0"]), ("127.0.0.1", ["192.0.2.1:x"]), ("127.0.0.1", ["[::1"]),
            ("127.0.0.1", ["192.0.2.1 198.51.100.1"]), ("127.0.0.1", ["192.0.2.1, junk"]),
        ]
    )
    func peer(_ peer: String, _ header: [String]) {
        #expect(Self.proxies.client(peer: peer, forwardedFor: header) == peer)
    }

    @Test("is nobody's where there is no address, and IPv4 inside IPv6 is IPv4")
    func forms() {
        #expect(Self.proxies.client(peer: nil, forwardedFor: ["192.0.2.1"]) == nil)
        #expect(TrustedProxies([]).client(peer: "::ffff:192.0.2.1", forwardedFor: []) == "192.0.2.1")
        #expect(TrustedProxies([]).client(peer: "127.0.0.1", forwardedFor: ["192.0.2.1"]) == "127.0.0.1")
    }
}
