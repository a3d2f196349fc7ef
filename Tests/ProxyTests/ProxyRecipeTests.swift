import Foundation
import TestBed
import TestWeb
import Testing

/// What can be said of the recipes without a proxy; and the one place that says which proxies are left out.
@Suite("Recipes for proxies")
struct ProxyRecipeTests {
    private static let missing = ProxyServer.Kind.allCases.compactMap(\.obstacle)

    @Test("are all run in their proxy here", .enabled(if: missing.isEmpty, "\(missing.joined(separator: ", "))"))
    func everywhere() async throws {
        for kind in ProxyServer.Kind.allCases {
            let port = try FreePort.find()
            let backends = ProxyServer.Backends(portal: port, authz: port, application: port)
            let proxy = try await ProxyServer.start(kind, before: backends)
            #expect(proxy.kind == kind)
        }
    }

    @Test("name nobody where an answer of the portal names nobody", arguments: ProxyServer.Kind.allCases)
    func nameless(_ kind: ProxyServer.Kind) async throws {
        if let obstacle = kind.obstacle { try Test.cancel("\(kind): \(obstacle)") }
        let application = try await EchoApplication.start()
        // In the portal's place somebody says yes to everything, and no name.
        let port = application.port
        let backends = ProxyServer.Backends(portal: port, authz: port, application: port)
        let proxy = try await ProxyServer.start(kind, before: backends)
        let connection = WebConnection(port: proxy.port, name: ProxyWorld.wiki, certificateFile: proxy.certificateFile)
        let request = "GET / HTTP/1.1\r\nHost: \(ProxyWorld.wiki)\r\nRemote-User: alice\r\n\r\n"
        let answer = try await connection.exchange(request)
        guard answer.status < 500 else { return }
        let seen = try SeenRequest(answer)
        for name in ["Remote-User", "Remote-Groups", "Remote-Name", "Remote-Email"] {
            #expect(seen.folded(name).isEmpty, "\(kind): \(answer)")
        }
    }

    @Test("are for a proxy of the tests, or say that they are for none")
    func unknown() throws {
        let folder = "\(Repository.root)/config/proxies"
        let run = ["nginx.conf", "Caddyfile", "haproxy.cfg", "haproxy.lua", "apache.conf", "apache.lua"]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where !run.contains(name) {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            #expect(text.contains("NOT RUN BY THE TESTS"), "\(name)")
        }
    }
}
