internal import EnterpriseAuthHummingbird
internal import Hummingbird

/// Takes the paths of forward authentication out of the way before anything is routed: they are asked for with every
/// method, and for every image of every page.
struct ForwardAuthMiddleware<Context: RemoteAddressRequestContext>: RouterMiddleware {
    let auth: ForwardAuth

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let target = request.head.path, let (dialect, rest) = ForwardAuthDialect.find(target) else {
            return try await next(request, context)
        }
        return await auth.answer(
            request.head,
            dialect,
            rest: rest,
            peer: context.remoteAddress?.ipAddress,
            logger: context.logger
        )
    }
}
