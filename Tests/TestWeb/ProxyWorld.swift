internal import Foundation
package import TestBed

/// A directory, the portal as it is shipped, an application, and a proxy that protects it.
package final class ProxyWorld: Sendable {
    package static let wiki = "wiki.example.org"
    package static let login = "login.example.org"

    package let proxy: ProxyServer
    package let portal: RunningProgram
    private let application: EchoApplication
    private let scratch: ScratchDirectory

    /// Starts everything but the directory.
    /// - Parameters:
    ///   - kind: Which proxy.
    ///   - directory: The directory; the shared one by default.
    /// - Throws: `TestBedError` if something does not start.
    package init(_ kind: ProxyServer.Kind, directory: SlapdServer? = nil) async throws {
        let server: SlapdServer
        if let directory { server = directory } else { server = try await SlapdServer.shared() }
        let scratch = try ScratchDirectory(name: "proxies")
        self.scratch = scratch
        do {
            application = try await EchoApplication.start()
            let (pages, authz) = (try FreePort.find(), try FreePort.find())
            let configuration = try Self.configuration(server, scratch, pages: pages, authz: authz)
            portal = try RunningProgram(
                Repository.builtProgram("ent-login"),
                ["serve", "--config", try scratch.write(configuration, to: "ent-login.toml")]
            )
            for port in [pages, authz] { try await Listening.wait(for: port, by: portal) }
            let backends = ProxyServer.Backends(portal: pages, authz: authz, application: application.port)
            proxy = try await ProxyServer.start(kind, before: backends)
        } catch {
            // Without all its parts there is no object yet that would do this at its end.
            scratch.remove()
            throw error
        }
    }

    deinit {
        portal.signal(SIGKILL)
        scratch.remove()
    }

    /// A connection to the proxy, as a browser makes one for a host.
    package func connection(to host: String) -> WebConnection {
        WebConnection(port: proxy.port, name: host, certificateFile: proxy.certificateFile)
    }

    /// What portal and proxy have logged, for a test that fails.
    package var log: String { "\nproxy: \(proxy.log)\nportal: \(portal.output)\(portal.errors)" }

    private static func configuration(
        _ server: SlapdServer,
        _ scratch: ScratchDirectory,
        pages: Int,
        authz: Int
    ) throws -> String {
        let more = """
            recheck = "1s"
            outage_grace = "1s"

            [directories.corp.tls]
            ca_file = "\(server.caFile)"

            [directories.corp.groups]
            nested = true

            [session]
            store = "memory"

            [portal]
            listen = "127.0.0.1:\(pages)"
            internal_listen = "127.0.0.1:\(authz)"
            public_url = "https://\(login)"
            trusted_proxies = ["127.0.0.1/32"]
            redirect_hosts = ["*.example.org"]

            [[portal.access]]
            host = "\(wiki)"
            paths = ["/engineering"]
            groups = { any = ["engineering"] }

            [[portal.access]]
            host = "\(wiki)"
            paths = ["/machines"]
            networks = ["192.0.2.0/24"]
            allow = "everyone"

            [[portal.access]]
            host = "\(wiki)"
            paths = ["/public"]
            methods = ["GET", "HEAD"]
            allow = "everyone"

            [[portal.access]]
            host = "open.example.org"
            allow = "everyone"

            [[portal.access]]
            host = "\(wiki)"
            """
        let text = SampleConfiguration.minimal(
            url: server.ldapURL,
            base: server.baseDN,
            reader: server.readerDN,
            secret: try scratch.write(server.readerPassword, to: "reader.secret"),
            more: ""
        )
        let rule = "all = [\"employees\"]\nnone = [\"suspended\"]"
        return text.replacing("[login]", with: "[login]\ndeadline = \"5s\"\nrefusal_time = \"0s\"")
            .replacing("all = [\"employees\"]", with: rule) + "\n" + more
    }
}
