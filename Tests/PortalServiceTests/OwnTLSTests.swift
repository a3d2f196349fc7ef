import Foundation
import TestBed
import TestWeb
import Testing

@Suite("The portal's own TLS", .serialized)
struct OwnTLSTests {
    private func world() async throws -> ServiceWorld {
        let world = try await ServiceWorld()
        try await world.makeCertificate("portal")
        try world.write { $0.more = Self.table(world) }
        return world
    }

    private static func table(_ world: ServiceWorld, certificate: String = "portal", key: String = "portal") -> String {
        """
        [portal.tls]
        certificate_file = "\(world.scratch.path("\(certificate).pem"))"
        key_file = "\(world.scratch.path("\(key).key"))"
        """
    }

    @Test("A renewed certificate is shown to new connections after a reload, and sessions go on")
    func renewal() async throws {
        let world = try await world()
        let program = try await world.start()
        let old = world.scratch.path("old.pem")
        try world.scratch.write(try world.scratch.read("portal.pem"), to: "old.pem")
        let alice = try await world.browser(of: "alice", trusting: world.scratch.path("portal.pem"))
        try await world.makeCertificate("portal")
        let before = WebConnection(port: world.pages, name: ServiceWorld.host, certificateFile: old)
        let request = "GET /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\nConnection: close\r\n\r\n"
        #expect(try await before.exchange(request).status == 200)
        let reload = try await world.command("reload")
        #expect(reload.status == 0, "\(reload)\(program.errors)")
        #expect(try await alice.isLoggedIn())
        await #expect(throws: (any Error).self) { try await before.exchange(request) }
    }

    @Test("TLS below 1.2 and requests without TLS get nothing")
    func oldProtocols() async throws {
        let world = try await world()
        try await world.start()
        for version in ["-tls1", "-tls1_1"] {
            let arguments = ["s_client", "-connect", "127.0.0.1:\(world.pages)", version, "-cipher", "ALL:@SECLEVEL=0"]
            #expect(try await Command.run("openssl", arguments).status != 0, "\(version)")
        }
        let plain = WebConnection(port: world.pages, name: ServiceWorld.host, certificateFile: nil)
        await #expect(throws: (any Error).self) {
            try await plain.exchange("GET /login HTTP/1.1\r\nHost: \(ServiceWorld.host)\r\n\r\n")
        }
    }

    @Test("A key that does not belong to the certificate, and one that others can read, keep what runs in force")
    func faults() async throws {
        let world = try await world()
        try await world.start()
        try await world.makeCertificate("other")
        let alice = try await world.browser(of: "alice", trusting: world.scratch.path("portal.pem"))
        try world.write { $0.more = Self.table(world, key: "other") }
        let mismatch = try await world.command("reload")
        #expect(mismatch.status == 78)
        #expect(mismatch.errors.contains("portal.tls.key_file"), "\(mismatch)")
        try world.write { $0.more = Self.table(world) }
        let key = world.scratch.path("portal.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        let open = try await world.command("reload")
        #expect(open.status == 78)
        #expect(open.errors.contains("chmod 0600 \(key)"), "\(open)")
        #expect(try await alice.isLoggedIn())
    }

    @Test("check looks at the certificate: its end, its names, its key")
    func check() async throws {
        let world = try await world()
        let good = try await world.command("check")
        #expect(good.status == 0)
        #expect(good.errors.isEmpty, "\(good)")
        try await world.expireCertificate("portal")
        let expired = try await world.command("check")
        #expect(expired.errors.contains("the certificate has expired at"), "\(expired)")
        try await world.makeCertificate("portal", days: 3)
        #expect(try await world.command("check").errors.contains("the certificate expires at"))
        try await world.makeCertificate("portal", for: "www.example.org")
        let name = try await world.command("check")
        #expect(name.errors.contains("the certificate is for www.example.org, and browsers ask for login.example.org"))
        #expect(name.status == 0, "a proxy may be before it")
        try await world.makeCertificate("other")
        try world.write { $0.more = Self.table(world, certificate: "portal", key: "other") }
        let key = try await world.command("check")
        #expect(key.status == 78)
        #expect(key.errors.contains("does not belong to the first certificate"), "\(key)")
    }
}
