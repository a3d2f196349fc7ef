public import EnterpriseAuth
public import HTTPTypes
public import Hummingbird

/// Nobody can say now who somebody is: 503 with `Retry-After`, never *nobody* and never *yes*.
///
/// A middleware or handler of the application may catch it to show a page of its own; the cookie stays as it is.
public struct LoginUnavailable: HTTPResponseError {
    /// What happened, for the operator.
    public let outage: Outage

    /// When to come back.
    public let retryAfter: Duration

    /// Puts the error together, for handlers to whom a `LoginResult` says so.
    /// - Parameters:
    ///   - outage: What happened.
    ///   - retryAfter: When to come back.
    public init(outage: Outage, retryAfter: Duration = .seconds(5)) {
        self.outage = outage
        self.retryAfter = retryAfter
    }

    /// 503 (RFC 9110 section 15.6.4).
    public var status: HTTPResponse.Status { .serviceUnavailable }

    /// Builds the answer: plain text that tells nothing but that the service is not available.
    /// - Parameters:
    ///   - request: Unused.
    ///   - context: Unused.
    /// - Returns: The answer.
    public func response(from request: Request, context: some RequestContext) -> Response {
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        headers[.retryAfter] = String(max(1, retryAfter.components.seconds))
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: Outage.publicText + "\n"))
        )
    }
}
