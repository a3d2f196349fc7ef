internal import BenchmarkSupport
internal import Foundation

/// nginx in front of a small file, which it serves after it has asked: the portal, or itself for a constant answer.
final class Nginx: Sendable {
    /// Asks the portal before it answers.
    let guarded: UInt16
    /// Asks itself and gets 200 at once: what `auth_request` costs by itself.
    let constant: UInt16
    private let program: Program

    /// Starts it.
    /// - Parameters:
    ///   - folder: Where its files are written.
    ///   - authz: Where the portal answers proxies.
    /// - Throws: `UnexpectedOutcome` if it does not listen.
    init(folder: String, authz: UInt16) async throws {
        (guarded, constant) = (try await FreePort.find(), try await FreePort.find())
        let answer = try await FreePort.find()
        let files = FileManager.default
        try files.createDirectory(atPath: "\(folder)/nginx/html", withIntermediateDirectories: true)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        try "hello\n".write(toFile: "\(folder)/nginx/html/index.html", atomically: true, encoding: .utf8)
        let text = """
            daemon off; master_process off;
            pid \(folder)/nginx/pid;
            error_log \(folder)/nginx/error.log;
            events {}
            http {
              access_log off;
              keepalive_requests 10000000;
              client_body_temp_path \(folder)/nginx/b; proxy_temp_path \(folder)/nginx/p;
              fastcgi_temp_path \(folder)/nginx/f; uwsgi_temp_path \(folder)/nginx/u; scgi_temp_path \(folder)/nginx/s;
              upstream portal { server 127.0.0.1:\(authz); keepalive 64; keepalive_requests 10000000; }
              upstream self { server 127.0.0.1:\(answer); keepalive 64; keepalive_requests 10000000; }
              server { listen 127.0.0.1:\(answer); location / { return 200; } }
              \(Self.server(guarded, folder, asking: "http://portal/api/authz/auth-request"))
              \(Self.server(constant, folder, asking: "http://self/"))
            }
            """
        try text.write(toFile: "\(folder)/nginx/nginx.conf", atomically: true, encoding: .utf8)
        program = try Program(
            "nginx",
            ["-p", "\(folder)/nginx", "-e", "\(folder)/nginx/error.log", "-c", "\(folder)/nginx/nginx.conf"],
            logging: "\(folder)/nginx/out"
        )
        try await FreePort.wait(for: guarded)
    }

    /// Ends it.
    func stop() { program.stop() }

    private static func server(_ port: UInt16, _ folder: String, asking url: String) -> String {
        """
        server {
          listen 127.0.0.1:\(port);
          root \(folder)/nginx/html;
          location / { auth_request /ask; }
          location = /ask {
            internal;
            proxy_pass \(url);
            proxy_http_version 1.1;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header Connection "";
            proxy_set_header X-Original-URL https://\(BenchPortal.host)$request_uri;
            proxy_set_header X-Original-Method $request_method;
            proxy_set_header X-Forwarded-For $remote_addr;
          }
        }
        """
    }
}
