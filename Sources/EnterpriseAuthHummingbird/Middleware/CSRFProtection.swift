internal import EnterpriseAuth
public import HTTPTypes
public import Hummingbird

/// Lets requests that change something pass only if they come from the application's own pages.
///
/// Two things are asked of them (OWASP ASVS 3.5.1 and 3.5.2): the browser must not say that another origin sent them, and
/// they must show what only a page of ours can: the token of `LoginContext.csrfToken()` in the header `X-CSRF-Token` or,
/// for URL-encoded forms, in a field. For content that is no form, such as JSON, `X-Requested-With` or `Authorization:
/// Bearer` will do: no other origin can have a browser send these unasked (Fetch, section 2.2.2). Forms with files
/// (`multipart/form-data`) need the header.
///
/// It stands behind `LoginMiddleware` and in front of the routes, the login view included: somebody else's login is an
/// attack too. `LoginUnavailable` is thrown if nobody can say whose token it is.
public struct CSRFProtection<Context: LoginRequestContext>: RouterMiddleware {
    private let field: String
    private let exempt: Set<HTTPRequest.Method>
    private let maximumFormBytes: Int

    /// Makes the middleware.
    /// - Parameters:
    ///   - field: The name of the form's field with the token.
    ///   - exempt: The methods that change nothing (RFC 9110 section 9.2.1).
    ///   - maximumFormBytes: The longest form that is read to find the token; longer ones get 413.
    public init(
        field: String = "csrf_token",
        exempt: Set<HTTPRequest.Method> = [.get, .head, .options, .trace],
        maximumFormBytes: Int = 65_536
    ) {
        self.field = field
        self.exempt = exempt
        self.maximumFormBytes = maximumFormBytes
    }

    /// Handles a request.
    /// - Parameters:
    ///   - request: The request; a form that was read for its token is handed on whole.
    ///   - context: Its context.
    ///   - next: What follows.
    /// - Returns: The answer of what follows.
    /// - Throws: `RequestForgery`, `HTTPError` 413 for a form that is too long, `LoginUnavailable`, or what follows throws.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !exempt.contains(request.method) else { return try await next(request, context) }
        var request = request
        if let reason = try await reasonToRefuse(&request, context.login) {
            try context.login.report(reason)
            throw RequestForgery(reason: reason)
        }
        return try await next(request, context)
    }

    private func reasonToRefuse(_ request: inout Request, _ login: LoginContext) async throws -> RequestForgery.Reason?
    {
        let origin = try login.web.settings.origin
        guard !RequestOrigin.isOther(request.head, than: origin) else { return .otherSite }
        let headers = request.headers
        let shown = headers[values: .forgeryToken]
        if shown.count > 1 { return .badToken }
        if let token = shown.first { return try await login.isOwnToken(token) ? nil : .badToken }
        switch FormKind(headers) {
        case .none:
            let isOwn = headers[.requestedWith] != nil || AuthorizationHeader.credentials("Bearer", in: headers) != nil
            return isOwn ? nil : .noToken
        case .other: return .noToken
        case .urlEncoded:
            let form = try await request.collectBody(upTo: maximumFormBytes)
            guard let token = FormFields.value(of: field, in: form.readableBytesView) else { return .noToken }
            return try await login.isOwnToken(token) ? nil : .badToken
        }
    }
}

/// What kind of form a request carries: the kinds of content that any page can have a browser send (Fetch, section 2.2.2).
private enum FormKind {
    case none
    case urlEncoded
    case other

    init(_ headers: HTTPFields) {
        let values = headers[values: .contentType]
        guard values.count <= 1 else {
            self = .other
            return
        }
        let type = values.first?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        let essence = type.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        switch String(decoding: essence, as: UTF8.self).lowercased() {
        case "application/x-www-form-urlencoded": self = .urlEncoded
        case "multipart/form-data", "text/plain": self = .other
        default: self = .none
        }
    }
}
