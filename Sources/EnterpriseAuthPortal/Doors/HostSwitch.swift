internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import Hummingbird

/// Keeps requests to other hosts away from the portal's pages: they are for the few paths of protected hosts only.
struct HostSwitch: RouterMiddleware {
    typealias Context = BasicLoginRequestContext

    let origin: WebOrigin
    let door: HostDoor

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority,
            WebOrigin(parsing: "\(origin.scheme)://\(authority)") == origin
        else {
            return await door.answer(request, peer: context.remoteAddress?.ipAddress, logger: context.logger)
        }
        return try await next(request, context)
    }
}
