internal import Foundation

/// A real proxy that runs a recipe of `config/proxies`, in a scratch directory and on 127.0.0.1 only.
public final class ProxyServer: Sendable {
    /// Which proxy.
    public enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
        /// nginx, with `auth_request`.
        case nginx
        /// Caddy, with `forward_auth`.
        case caddy
        /// HAProxy, with Lua.
        case haproxy
        /// Apache httpd, with Lua.
        case apache = "apache2"

        /// The program's name.
        public var program: String { rawValue }
        /// The program's name.
        public var description: String { rawValue }
        /// Why it cannot be started here, or nil; nothing may be left out where everything has to run.
        public var obstacle: String? {
            Obstacle.missing(program) ?? (self == .apache ? Obstacle.missing("/usr/share/lua/5.3/socket.lua") : nil)
        }
    }

    /// The ports of what stands behind the proxy, on 127.0.0.1.
    public struct Backends: Sendable {
        /// The portal's pages.
        public let portal: Int
        /// The portal's answers to proxies.
        public let authz: Int
        /// The protected application.
        public let application: Int

        /// Names the ports.
        /// - Parameters:
        ///   - portal: The portal's pages.
        ///   - authz: The portal's answers to proxies.
        ///   - application: The protected application.
        public init(portal: Int, authz: Int, application: Int) {
            (self.portal, self.authz, self.application) = (portal, authz, application)
        }
    }

    /// Which proxy it is.
    public let kind: Kind
    /// Where it listens with TLS.
    public let port: Int
    /// The certificate of `*.example.org` that it shows, and that is to be trusted.
    public let certificateFile: String
    private let scratch: ScratchDirectory
    private let program: RunningProgram

    /// Starts a proxy with the recipe as it stands, its names and ports replaced, and waits until it listens.
    ///
    /// - Parameters:
    ///   - kind: Which proxy.
    ///   - backends: What stands behind it.
    /// - Returns: The running proxy; it ends with the last reference.
    /// - Throws: ``TestBedError`` when it does not start, or when the recipe has not got what is to be replaced.
    public static func start(_ kind: Kind, before backends: Backends) async throws -> ProxyServer {
        let scratch = try ScratchDirectory(name: kind.rawValue)
        do {
            try await makeCertificate(in: scratch)
            let recipe = ProxyRecipe(
                scratch: scratch,
                backends: backends,
                port: try FreePort.find(),
                plainPort: try FreePort.find()
            )
            let program = try recipe.start(kind)
            try await Listening.wait(for: recipe.port, by: program)
            return ProxyServer(kind, recipe.port, scratch, program)
        } catch {
            scratch.remove()
            throw error
        }
    }

    /// What it has logged.
    public var log: String {
        ["error.log", "access.log"].map { (try? scratch.read($0)) ?? "" }.joined() + program.output + program.errors
    }

    private init(_ kind: Kind, _ port: Int, _ scratch: ScratchDirectory, _ program: RunningProgram) {
        (self.kind, self.port, self.scratch, self.program) = (kind, port, scratch, program)
        certificateFile = scratch.path("certificate.pem")
    }

    deinit {
        program.signal(SIGKILL)
        scratch.remove()
    }

    /// A certificate for itself; HAProxy wants it and the key in one file.
    private static func makeCertificate(in scratch: ScratchDirectory) async throws {
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=example.org", "-addext", "subjectAltName=DNS:*.example.org", "-keyout", scratch.path("key.pem"),
            "-out", scratch.path("certificate.pem"),
        ]
        try await Command.run("openssl", arguments).check("openssl")
        try scratch.write(try scratch.read("certificate.pem") + scratch.read("key.pem"), to: "both.pem")
    }
}
