internal import Hummingbird

/// Takes the body off every answer to HEAD, whoever made it: a body that the other side does not expect would be read as
/// the next answer on the same connection (RFC 9110, section 9.3.2).
struct BodilessHead<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .head else { return try await next(request, context) }
        do {
            return try await next(request, context).createHeadResponse()
        } catch let error as any HTTPResponseError {
            return try error.response(from: request, context: context).createHeadResponse()
        }
    }
}
