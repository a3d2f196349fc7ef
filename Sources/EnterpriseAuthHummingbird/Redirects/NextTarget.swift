public import EnterpriseAuth

/// A place to which a browser may be sent back after a login.
///
/// A path on the same host, or an absolute https URL whose host is allowed; nothing else is ever a `NextTarget`, so no
/// open redirect can be built of one (CWE-601, OWASP ASVS 3.7.2). Where browsers, proxies and servers are known to read a
/// text differently it is refused, even if one reading would be harmless.
public struct NextTarget: Sendable, Hashable, CustomStringConvertible {
    /// The longest text, in bytes.
    public static let maximumBytes = 4096

    /// The text as it may stand in `Location`: printable ASCII.
    public let text: String

    /// The same as `text`.
    public var description: String { text }

    /// The start page.
    public static let root = NextTarget(unchecked: "/")

    private init(unchecked text: String) {
        self.text = text
    }

    /// Takes a text, if it may be followed.
    /// - Parameters:
    ///   - text: What came with a request.
    ///   - origin: The own origin, whose absolute URLs are allowed too.
    ///   - redirectHosts: Which other hosts are allowed: names, or `*.` and a domain, which stands for every name below
    ///     it. Only https and its own port.
    public init?(_ text: String, origin: WebOrigin? = nil, redirectHosts: [String] = []) {
        guard (1...Self.maximumBytes).contains(text.utf8.count), text.utf8.allSatisfy(Self.isHarmless) else {
            return nil
        }
        if text.utf8.first == UInt8(ascii: "/") {
            guard Self.isPath(text.utf8[...]) else { return nil }
        } else {
            guard Self.isAllowed(text, origin, redirectHosts) else { return nil }
        }
        self.text = text
    }

    /// Printable ASCII without the backslash, which browsers read as a slash (WHATWG URL, "special authority slashes").
    private static func isHarmless(_ byte: UInt8) -> Bool {
        (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "\\")
    }

    private static func isAllowed(_ text: String, _ origin: WebOrigin?, _ redirectHosts: [String]) -> Bool {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return false
        }
        let authority = bytes.index(colon, offsetBy: 3)
        let ends = "/?#".utf8
        let end = bytes[authority...].firstIndex { ends.contains($0) } ?? bytes.endIndex
        // No user names (`https://good@evil`): the parser of origins refuses them with everything that is no host.
        guard let target = WebOrigin(parsing: String(text[..<end])) else { return false }
        let rest = bytes[end...]
        guard rest.first != UInt8(ascii: "/") || isPath(rest) else { return false }
        if let origin, target == origin { return true }
        guard target.scheme == "https", target.port == nil else { return false }
        return redirectHosts.contains { HostPattern($0.lowercased()).matches(target.host) }
    }

    /// Whether what begins with a slash is a path to every reader: not an authority (`//host`), neither after percent
    /// signs have been resolved nor after `.` and `..` have.
    private static func isPath(_ text: Substring.UTF8View) -> Bool {
        let end = text.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? text.endIndex
        guard let path = PercentCoding.decoded(text[..<end]),
            path.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") })
        else { return false }
        var depth: [ArraySlice<UInt8>] = []
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            switch segment {
            case _ where segment.elementsEqual(".".utf8): continue
            case _ where segment.elementsEqual("..".utf8): _ = depth.popLast()
            default: depth.append(segment)
            }
        }
        // A first segment that is empty while another follows is what `//host` looks like.
        return depth.count < 2 || !depth[0].isEmpty
    }
}
