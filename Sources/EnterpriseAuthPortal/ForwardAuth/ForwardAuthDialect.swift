/// How a proxy asks whether a request may pass: one path each, so that no header of one can be taken for another's.
public enum ForwardAuthDialect: String, Sendable, CaseIterable {
    /// nginx `auth_request`: `X-Original-URL`, `X-Original-Method`; only 200, 401 and 403 are understood.
    case authRequest = "auth-request"
    /// Traefik `forwardAuth`, Caddy `forward_auth`, HAProxy with Lua: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri`; any
    /// answer but 2xx goes to the browser as it is.
    case forwardAuth = "forward-auth"
    /// Envoy `ext_authz` over HTTP: the request's own method, host, and path behind a prefix.
    case extAuthz = "ext-authz"

    /// Where all of them begin.
    public static let prefix = "/api/authz/"

    /// The dialect of a path, and what follows it.
    /// - Parameter target: Path and query of a request.
    /// - Returns: The dialect and the rest of the target; nil if the path is none of theirs.
    static func find(_ target: String) -> (dialect: ForwardAuthDialect, rest: Substring)? {
        let bytes = target.utf8
        guard bytes.starts(with: prefix.utf8) else { return nil }
        let begin = bytes.index(bytes.startIndex, offsetBy: prefix.utf8.count)
        let end = bytes[begin...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.endIndex
        return ForwardAuthDialect(rawValue: String(target[begin..<end])).map { ($0, target[end...]) }
    }
}
