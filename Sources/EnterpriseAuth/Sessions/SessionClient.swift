/// Where a request or a login comes from.
///
/// The address is the peer's, or the last untrusted hop behind a trusted proxy: whoever fills this in has decided that.
public struct SessionClient: Sendable, Hashable {
    /// What kind of door the request came through.
    public enum Kind: UInt8, Sendable, Hashable, Codable {
        /// A browser or another HTTP client.
        case web = 0
        /// The command line or the local socket: exempt from session protection.
        case local = 1
    }

    /// How much of a User-Agent is kept and compared, in bytes.
    public static let maximumUserAgentBytes = 256

    /// What kind of door the request came through.
    public let kind: Kind

    /// The address of the person's machine as a literal, without port and brackets; nil if there is none.
    public let address: String?

    /// The first `maximumUserAgentBytes` bytes of the User-Agent header; nil if there is none.
    public let userAgent: String?

    /// What the door calls the request, for the audit log.
    public let requestID: String?

    /// Describes a client.
    /// - Parameters:
    ///   - kind: What kind of door the request came through.
    ///   - address: The address of the person's machine as a literal.
    ///   - userAgent: The User-Agent header; what is too long is cut off.
    ///   - requestID: What the door calls the request.
    public init(kind: Kind = .web, address: String? = nil, userAgent: String? = nil, requestID: String? = nil) {
        self.kind = kind
        self.address = address
        self.userAgent = userAgent.map(Self.shortened)
        self.requestID = requestID
    }

    /// The command line or the local socket.
    public static let local = SessionClient(kind: .local)

    /// Cuts at a character's beginning, so that what is left is still text.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > maximumUserAgentBytes else { return text }
        var end = text.startIndex
        var count = 0
        for index in text.indices {
            let length = text[index].utf8.count
            guard count + length <= maximumUserAgentBytes else { break }
            count += length
            end = text.index(after: index)
        }
        return String(text[..<end])
    }
}
