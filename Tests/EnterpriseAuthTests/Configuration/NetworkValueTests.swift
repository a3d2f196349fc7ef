import EnterpriseAuth
import Testing

@Suite("Addresses, networks and origins in a configuration")
struct NetworkValueTests {
    @Test(
        "a network holds the addresses whose first bits are its own",
        arguments: [
            ("10.0.0.0/8", [10, 255, 0, 1], true), ("10.0.0.0/8", [11, 0, 0, 1], false),
            ("192.0.2.128/25", [192, 0, 2, 127], false), ("192.0.2.128/25", [192, 0, 2, 200], true),
            ("127.0.0.1", [127, 0, 0, 1], true), ("0.0.0.0/0", [8, 8, 8, 8], true),
            ("::/0", [8, 8, 8, 8], false), ("::1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true),
            ("2001:db8::/33", [0x20, 1, 0xd, 0xb8, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
        ] as [(String, [UInt8], Bool)]
    )
    func contains(text: String, address: [UInt8], expected: Bool) throws {
        #expect(try #require(NetworkRange(parsing: text)).contains(address) == expected)
    }

    @Test("a network is written as it is read", arguments: ["10.0.0.0/8", "2001:db8::/32", "::/0", "::1/128"])
    func networks(text: String) {
        #expect(NetworkRange(parsing: text)?.description == text)
    }

    @Test(
        "what is no network is refused",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10/8", "::/129", "a/8",
        ]
    )
    func noNetworks(text: String) {
        #expect(NetworkRange(parsing: text) == nil)
    }

    @Test(
        "an address and port are taken apart",
        arguments: [
            ("127.0.0.1:8423", "127.0.0.1:8423", true), ("[::1]:80", "[::1]:80", true),
            ("localhost:1", "localhost:1", true), ("0.0.0.0:65535", "0.0.0.0:65535", false),
            ("[::]:443", "[::]:443", false), ("Portal.Example.org:443", "portal.example.org:443", false),
        ]
    )
    func listenAddresses(text: String, written: String, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(parsing: text))
        #expect(address.description == written && address.isLoopback == isLoopback)
    }

    @Test(
        "what is no address and port is refused",
        arguments: ["", "8423", ":80", "a:0", "a:65536", "::1:80", "[::1]", "[::1]80", "[a]:80", "a b:80", "a:+1"]
    )
    func noListenAddresses(text: String) {
        #expect(ListenAddress(parsing: text) == nil)
    }

    @Test(
        "an origin is a scheme, a host and perhaps a port",
        arguments: [
            ("https://login.example.org", "https://login.example.org"), ("HTTPS://A.example:443/", "https://a.example"),
            ("http://localhost:8423", "http://localhost:8423"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ]
    )
    func origins(text: String, written: String) {
        #expect(WebOrigin(parsing: text)?.description == written)
    }

    @Test(
        "what has more than that, or less, is no origin",
        arguments: [
            "login.example.org", "ftp://a", "https://", "https://a/b", "https://a?b", "https://u@a", "https://a:b",
            "https://a//",
        ]
    )
    func noOrigins(text: String) {
        #expect(WebOrigin(parsing: text) == nil)
    }
}
