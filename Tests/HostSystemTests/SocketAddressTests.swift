import HostSystem
import Testing

@Suite("SocketAddress")
struct SocketAddressTests {
    @Test(
        "writes an address as it was read, in canonical form",
        arguments: [
            ("192.0.2.7", "192.0.2.7:389"), ("::1", "[::1]:389"), ("2001:DB8:0::7", "[2001:db8::7]:389"),
            ("fe80::1%3", "[fe80::1%3]:389"), ("::ffff:127.0.0.1", "[::ffff:127.0.0.1]:389"),
        ]
    )
    func text(literal: String, expected: String) throws {
        let address = try #require(SocketAddress(literal: literal, port: 389))
        #expect(address.description == expected)
        #expect(address.port == 389)
        #expect(address.with(port: 65535).port == 65535)
    }

    @Test(
        "does not take names, short forms or nonsense for addresses",
        arguments: [
            "", "localhost", "127.1", "127.0.0.1 ", "0x7f.0.0.1", "[::1]", "::1%", "::1%nosuchcard", "1.2.3.4%1",
            "127.0.0.1\0",
        ]
    )
    func rejection(text: String) {
        #expect(SocketAddress(literal: text, port: 1) == nil)
    }

    @Test(
        "knows what cannot be reached from other hosts",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.3", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false), ("::2", false), ("::", false), ("0.0.0.0", false), ("::ffff:10.0.0.1", false),
            ("1::1", false),
        ]
    )
    func loopback(literal: String, expected: Bool) throws {
        #expect(try #require(SocketAddress(literal: literal, port: 1)).isLoopback == expected)
    }

    @Test("holds a path, but none that would be cut")
    func paths() throws {
        let address = try #require(SocketAddress(unixPath: "/run/x.sock"))
        #expect(address.description == "/run/x.sock")
        #expect(address.isLoopback)
        #expect(address.port == nil)
        #expect(SocketAddress(unixPath: String(repeating: "x", count: 107)) != nil)
        #expect(SocketAddress(unixPath: String(repeating: "x", count: 108)) == nil)
        #expect(SocketAddress(unixPath: "") == nil)
        #expect(SocketAddress(unixPath: "/run/\0x") == nil)
    }
}
