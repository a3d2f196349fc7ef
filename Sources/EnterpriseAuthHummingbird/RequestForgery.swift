public import HTTPTypes
public import Hummingbird

/// A request that changes something and does not show that it comes from one of the application's own pages: 403.
///
/// A middleware of the application may catch it to show a page of its own.
public struct RequestForgery: HTTPResponseError {
    /// What is missing.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The browser says that another site sent it (`Sec-Fetch-Site`, or `Origin`).
        case otherSite = "other_site"
        /// There is no token, and no header that only pages of the same origin can set.
        case noToken = "no_token"
        /// The token is of another session or visitor, whose cookie may have gone in the meantime.
        case badToken = "bad_token"
    }

    /// The text for people: what to do.
    public static let publicText = "This form is no longer valid. Please go back, load the page again and repeat."

    /// What is missing.
    public let reason: Reason

    /// 403 (RFC 9110 section 15.5.4).
    public var status: HTTPResponse.Status { .forbidden }

    /// Builds the answer: plain text.
    /// - Parameters:
    ///   - request: Unused.
    ///   - context: Unused.
    /// - Returns: The answer.
    public func response(from request: Request, context: some RequestContext) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: Self.publicText + "\n"))
        )
    }
}
