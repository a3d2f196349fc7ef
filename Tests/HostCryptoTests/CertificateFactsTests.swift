import Foundation
import HostCrypto
import Testing

@Suite("CertificateFacts")
struct CertificateFactsTests {
    /// An authority and a server that it has issued a certificate for; their keys are thrown away.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBkjCCATigAwIBAgIBATAKBggqhkjOPQQDAjAnMRIwEAYDVQQKDAlUZXN0LCBJ
        bmMxETAPBgNVBAMMCFByw7xmIENBMCAXDTI2MTEyMzE1NDgyNloYDzIxMjYxMDMw
        MTU0ODI2WjAnMRIwEAYDVQQKDAlUZXN0LCBJbmMxETAPBgNVBAMMCFByw7xmIENB
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkQRCfr1zs6oW+7eUkvy2h2bG9rPf
        HWoYRnnqZyR8j99eoaomGIP53vvWxw5Ach4KWeVx5iiJ704P9hXAtMF3JaNTMFEw
        HQYDVR0OBBYEFHsXW2T+uFnFz9sDY2YICs7YVRuZMB8GA1UdIwQYMBaAFHsXW2T+
        uFnFz9sDY2YICs7YVRuZMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAw
        RQIgUyC81Bo5WVmNVpWP9yUitlf2TFH/DhKasmSCdcwVHHICIQDU+TZuO427JWJM
        BK2STIJKD1/9ITgBlNzI6g1abUXg2w==
        -----END CERTIFICATE-----
        """
    static let server = """
        -----BEGIN CERTIFICATE-----
        MIIB3TCCAYOgAwIBAgIBAjAKBggqhkjOPQQDAjAnMRIwEAYDVQQKDAlUZXN0LCBJ
        bmMxETAPBgNVBAMMCFByw7xmIENBMB4XDTI2MTEyMzE1NDgyNloXDTI2MTEyNDE1
        NDgyNlowGzEZMBcGA1UEAwwQbGRhcC5leGFtcGxlLm9yZzBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABPAp17Fd3DZ6MWFMRQvUM7s7EL1dUj7zCYChE8b+9+di/lcg
        jf3BqeSCjXxbfgYzkMCM3G/ty3qEuIzSdANlVj2jgaswgagwWwYDVR0RBFQwUoIQ
        bGRhcC5leGFtcGxlLm9yZ4INKi5leGFtcGxlLm9yZ4cEwAACAYcQAAAAAAAAAAAA
        AAAAAAAAAYENYUBleGFtcGxlLm9yZ4YIbGRhcDovL3gwCQYDVR0TBAIwADAdBgNV
        HQ4EFgQUiyhOca8536OCDkVzxyEefCpjISMwHwYDVR0jBBgwFoAUexdbZP64WcXP
        2wNjZggKzthVG5kwCgYIKoZIzj0EAwIDSAAwRQIhAPrRtKfuJpjx0p6Re6rHq5Tl
        w6CrOZnYMx1f5ICA+SM5AiAupsWkZ+lDnK4lglSeNqF/AtS/8JExdHQkmzRKZL1Y
        jg==
        -----END CERTIFICATE-----
        """

    @Test("reads an authority's certificate, with UTF-8 and commas in its name")
    func authorityFacts() throws {
        let all = try CertificateFacts.all(inPEM: Array(Self.authority.utf8))
        let facts = try #require(all.first)
        #expect(all.count == 1)
        #expect(facts.subject == "CN=Prüf CA,O=Test\\, Inc")
        #expect(facts.issuer == facts.subject)
        #expect(facts.isAuthority)
        #expect(facts.alternativeNames.isEmpty)
        #expect(facts.notAfter == 4_949_048_906_000)
        #expect(
            Hexadecimal.text(facts.fingerprint.bytes, separator: ":").uppercased()
                == "C1:B3:56:FA:94:41:35:0D:2B:BF:83:42:A4:1C:B8:71:FB:FB:A8:3F:DA:81:56:4A:A9:D8:48:DC:C0:9A:9C:5D"
        )
    }

    @Test("reads every kind of name that a server's certificate is good for")
    func serverFacts() throws {
        let text = "some words before\n" + Self.authority + "\n" + Self.server + "\nand after"
        let all = try CertificateFacts.all(inPEM: Array(text.utf8))
        let facts = try #require(all.last)
        #expect(all.count == 2)
        #expect(facts.subject == "CN=ldap.example.org")
        #expect(facts.issuer == all.first?.subject)
        #expect(!facts.isAuthority)
        #expect(facts.notBefore == 1_795_448_906_000)
        #expect(facts.notAfter == 1_795_535_306_000)
        #expect(
            facts.alternativeNames == [
                .host("ldap.example.org"), .host("*.example.org"), .address([192, 0, 2, 1]),
                .address([UInt8](repeating: 0, count: 15) + [1]), .mail("a@example.org"), .uri("ldap://x"),
            ]
        )
    }

    @Test("reads the same from DER, and nothing that has more behind it")
    func der() throws {
        let base64 = Self.server.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        let bytes = try Array(#require(Data(base64Encoded: base64)))
        #expect(try [CertificateFacts(der: bytes)] == CertificateFacts.all(inPEM: Array(Self.server.utf8)))
        #expect(SHA256Digest(of: bytes) == (try CertificateFacts(der: bytes).fingerprint))
        #expect(throws: CryptoError.self) { try CertificateFacts(der: bytes + [0]) }
        #expect(throws: CryptoError.self) { try CertificateFacts(der: bytes.dropLast()) }
        #expect(throws: CryptoError.self) { try CertificateFacts(der: []) }
    }

    @Test("says so when there is no certificate or a damaged one")
    func damage() throws {
        let none = #expect(throws: CryptoError.self) { try CertificateFacts.all(inPEM: Array("nothing".utf8)) }
        #expect(none?.description == "cannot read a PEM file: there is no certificate in it")
        #expect(throws: CryptoError.self) { try CertificateFacts.all(inPEM: []) }
        let damaged = Self.authority + "\n" + Self.server.replacingOccurrences(of: "bGRhcC", with: "!!!!!!")
        #expect(throws: CryptoError.self) { try CertificateFacts.all(inPEM: Array(damaged.utf8)) }
        let cut = Self.authority + "\n" + Self.server.prefix(200)
        #expect(throws: CryptoError.self) { try CertificateFacts.all(inPEM: Array(cut.utf8)) }
    }
}
