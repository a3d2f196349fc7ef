package import TestBed

/// A directory, the portal as it is shipped, an application, and a proxy that protects it.
package final class ProxyWorld: Sendable {
    package static let wiki = "wiki.example.org"
    package static let login = "login.example.org"

    package let proxy: ProxyServer
    private let running: RunningPortal
    private let application: EchoApplication

    /// Starts everything but the directory.
    /// - Parameters:
    ///   - kind: Which proxy.
    ///   - directory: The directory; the shared one by default.
    /// - Throws: `TestBedError` if something does not start.
    package init(_ kind: ProxyServer.Kind, directory: SlapdServer? = nil) async throws {
        let server: SlapdServer
        if let directory { server = directory } else { server = try await SlapdServer.shared() }
        application = try await EchoApplication.start()
        running = try await RunningPortal.start(Self.options, for: server)
        let backends = ProxyServer.Backends(
            portal: running.port,
            authz: running.authz,
            application: application.port
        )
        proxy = try await ProxyServer.start(kind, before: backends)
    }

    /// The portal, to be killed or stopped.
    package var portal: RunningProgram { running.program }

    /// A connection to the proxy, as a browser makes one for a host.
    package func connection(to host: String) -> WebConnection {
        WebConnection(port: proxy.port, name: host, certificateFile: proxy.certificateFile)
    }

    /// What portal and proxy have logged, for a test that fails.
    package var log: String { "\nproxy: \(proxy.log)\nportal: \(running.log)" }

    private static var options: RunningPortal.Options {
        var options = RunningPortal.Options(publicURL: "https://\(login)")
        options.deadline = "5s"
        options.active = "none = [\"suspended\"]\nrecheck = \"1s\"\noutage_grace = \"1s\""
        options.portal = "redirect_hosts = [\"*.example.org\"]"
        options.tables = """
            [directories.corp.groups]
            nested = true

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
        return options
    }
}
