internal import Foundation

/// How the recipes of `config/proxies` are started: what is set from outside, what is replaced, and what of the server's
/// own configuration goes around them.
///
/// Every server runs as one process, so that nothing of it outlives a test run that dies.
struct ProxyRecipe {
    let scratch: ScratchDirectory
    let backends: ProxyServer.Backends
    let port: Int
    let plainPort: Int

    func start(_ kind: ProxyServer.Kind) throws -> RunningProgram {
        switch kind {
        case .nginx: try startNginx()
        case .caddy: try startCaddy()
        case .haproxy: try startHAProxy()
        case .apache: try startApache()
        }
    }

    private static let folder = "\(Repository.root)/config/proxies"

    private func recipe(_ name: String, replacing replacements: [(String, String)]) throws -> String {
        var text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
        for (old, new) in replacements {
            guard text.contains(old) else { throw TestBedError("config/proxies/\(name) has no \"\(old)\" any more") }
            text = text.replacing(old, with: new)
        }
        return text
    }

    private func startNginx() throws -> RunningProgram {
        let text = try recipe(
            "nginx.conf",
            replacing: [
                ("server 127.0.0.1:8423;", "server 127.0.0.1:\(backends.portal);"),
                ("server 127.0.0.1:8424;", "server 127.0.0.1:\(backends.authz);"),
                ("server 127.0.0.1:8080;", "server 127.0.0.1:\(backends.application);"),
                ("listen 443 ", "listen 127.0.0.1:\(port) "),
                ("listen 80;", "listen 127.0.0.1:\(plainPort);"),
                ("/etc/ssl/certs/example.org.pem", scratch.path("certificate.pem")),
                ("/etc/ssl/private/example.org.key", scratch.path("key.pem")),
            ]
        )
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { name in
            "\(name)_temp_path \(scratch.path(name));"
        }
        let around = """
            daemon off;
            master_process off;
            pid \(scratch.path("pid"));
            error_log \(scratch.path("error.log")) notice;
            events {}
            http {
                access_log \(scratch.path("access.log"));
                \(paths.joined(separator: "\n    "))
                include \(try scratch.write(text, to: "recipe.conf"));
            }
            """
        return try RunningProgram(
            "nginx",
            ["-p", scratch.path, "-e", scratch.path("error.log"), "-c", try scratch.write(around, to: "nginx.conf")]
        )
    }

    private func startCaddy() throws -> RunningProgram {
        let arguments = ["run", "--config", "\(Self.folder)/Caddyfile", "--adapter", "caddyfile"]
        let environment: [String: String?] = [
            "HOME": scratch.path, "XDG_DATA_HOME": scratch.path("data"), "XDG_CONFIG_HOME": scratch.path("config"),
            "HTTPS_PORT": "\(port)", "HTTP_PORT": "\(plainPort)", "BIND": "127.0.0.1", "CADDY_ADMIN": "off",
            "ENT_LOGIN_PORTAL": "127.0.0.1:\(backends.portal)", "ENT_LOGIN_AUTHZ": "127.0.0.1:\(backends.authz)",
            "APPLICATION": "127.0.0.1:\(backends.application)", "CERTIFICATE": scratch.path("certificate.pem"),
            "CERTIFICATE_KEY": scratch.path("key.pem"),
        ]
        return try RunningProgram("caddy", arguments, environment: environment)
    }

    private func startHAProxy() throws -> RunningProgram {
        let environment: [String: String?] = [
            "ENT_LOGIN_LUA": "\(Self.folder)/haproxy.lua", "ENT_LOGIN_PORTAL": "127.0.0.1:\(backends.portal)",
            "ENT_LOGIN_AUTHZ": "127.0.0.1:\(backends.authz)", "APPLICATION": "127.0.0.1:\(backends.application)",
            "HTTPS": "127.0.0.1:\(port)", "HTTP": "127.0.0.1:\(plainPort)", "CERTIFICATE": scratch.path("both.pem"),
        ]
        return try RunningProgram("haproxy", ["-db", "-f", "\(Self.folder)/haproxy.cfg"], environment: environment)
    }

    private func startApache() throws -> RunningProgram {
        // Debian's modules, and what its own files set. Started by root it runs as somebody else, who must reach the Lua.
        let modules = [
            "authn_core", "authz_core", "headers", "setenvif", "rewrite", "proxy", "proxy_http", "proxy_wstunnel",
            "ssl", "lua", "mime", "alias",
        ]
        let lua = try scratch.write(try recipe("apache.lua", replacing: []), to: "apache.lua", permissions: 0o644)
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: scratch.path)
        let around = """
            ServerRoot \(scratch.path)
            PidFile \(scratch.path("pid"))
            ErrorLog \(scratch.path("error.log"))
            LogLevel info
            DefaultRuntimeDir \(scratch.path)
            Mutex pthread
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            \(modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so" }.joined(separator: "\n"))
            TypesConfig /etc/mime.types
            User www-data
            Group www-data
            Define ENT_LOGIN_LUA \(lua)
            Define ENT_LOGIN_PORTAL 127.0.0.1:\(backends.portal)
            Define ENT_LOGIN_AUTHZ 127.0.0.1:\(backends.authz)
            Define APPLICATION 127.0.0.1:\(backends.application)
            Define HTTPS 127.0.0.1:\(port)
            Define HTTP 127.0.0.1:\(plainPort)
            Define CERTIFICATE \(scratch.path("certificate.pem"))
            Define CERTIFICATE_KEY \(scratch.path("key.pem"))
            Listen 127.0.0.1:\(port)
            Listen 127.0.0.1:\(plainPort)
            Include \(Self.folder)/apache.conf
            """
        return try RunningProgram("apache2", ["-X", "-f", try scratch.write(around, to: "apache2.conf")])
    }
}
