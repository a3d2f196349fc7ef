internal import EnterpriseAuth
internal import HTTPTypes

/// The request that a proxy asks about, as its headers tell it.
struct ForwardedRequest: Sendable {
    /// Why it cannot be told.
    struct Problem: Error {
        let text: String
        /// Whether the proxy is set up wrong; otherwise a browser has sent what no browser sends.
        var isOfProxy = false
    }

    /// What the rules compare.
    let access: AccessRequest
    /// `http` or `https`.
    let scheme: String
    /// The host with its port, as the browser knows it.
    let authority: String

    /// Path and query.
    var target: String { access.target }
    /// Whether it only reads, so that a browser can come back to it.
    var isRead: Bool { access.method == "GET" || access.method == "HEAD" }

    /// Reads what a trusted proxy has written.
    /// - Parameters:
    ///   - head: The proxy's own request.
    ///   - dialect: How it asks.
    ///   - rest: What follows the dialect's path.
    ///   - address: The address of the person's machine.
    /// - Throws: `Problem` if something is missing, there twice, or no text of its kind.
    init(
        _ head: HTTPRequest,
        _ dialect: ForwardAuthDialect,
        rest: Substring,
        address: String?
    ) throws(Problem) {
        let method: String
        var target: String
        switch dialect {
        case .authRequest:
            method = try Self.single(.originalMethod, head)
            (scheme, authority, target) = try Self.parts(try Self.single(.originalURL, head))
        case .forwardAuth:
            method = try Self.single(.forwardedMethod, head)
            scheme = try Self.scheme(try Self.single(.forwardedProto, head))
            authority = try Self.single(.forwardedHost, head)
            target = try Self.single(.forwardedUri, head)
        case .extAuthz:
            method = head.method.rawValue
            scheme = try Self.scheme(
                head.headerFields[values: .forwardedProto].isEmpty ? "https" : Self.single(.forwardedProto, head)
            )
            guard let host = head.authority else { throw Problem(text: "the request has no host", isOfProxy: true) }
            authority = host
            target = rest.isEmpty ? "/" : String(rest)
        }
        if target.utf8.first == UInt8(ascii: "?") { target = "/" + target }
        guard target.utf8.count <= 16_384, target.utf8.allSatisfy({ (0x21...0xff).contains($0) && $0 != 0x7f }) else {
            throw Problem(text: "the path has spaces or control characters, or is too long")
        }
        let request = AccessRequest(method: method, host: authority, target: target, address: address)
        guard let request else { throw Problem(text: "the host is no host name") }
        access = request
    }

    private static func single(_ name: HTTPField.Name, _ head: HTTPRequest) throws(Problem) -> String {
        let values = head.headerFields[values: name]
        guard values.count == 1, let value = values.first, !value.isEmpty else {
            let fault = values.isEmpty ? "missing" : "empty or there more than once"
            throw Problem(text: "\(name.rawName) is \(fault)", isOfProxy: true)
        }
        return value
    }

    private static func scheme(_ text: String) throws(Problem) -> String {
        // A WebSocket is asked for by an ordinary request (RFC 6455, section 4.1).
        switch text.lowercased() {
        case "https", "wss": return "https"
        case "http", "ws": return "http"
        default: throw Problem(text: "the scheme is neither http nor https", isOfProxy: true)
        }
    }

    private static func parts(_ url: String) throws(Problem) -> (String, String, String) {
        // Bytes, not characters: this is done for every image of every page.
        let bytes = url.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            throw Problem(text: "X-Original-URL is no absolute URL", isOfProxy: true)
        }
        let scheme = try scheme(String(url[..<colon]))
        let begin = bytes.index(colon, offsetBy: 3)
        let end = bytes[begin...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.endIndex
        return (scheme, String(url[begin..<end]), end == bytes.endIndex ? "/" : String(url[end...]))
    }
}
