internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird

/// Tells browsers to come by https only, for a year (RFC 6797; OWASP ASVS 3.4.1).
struct TransportSecurity: RouterMiddleware {
    typealias Context = BasicLoginRequestContext

    let isHTTPS: Bool

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if isHTTPS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }
}
