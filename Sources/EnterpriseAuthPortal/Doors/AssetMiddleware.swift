internal import HTTPTypes
internal import Hummingbird

/// Answers requests for the files that pages refer to; their names change with their content (RFC 8246).
struct AssetMiddleware<Context: RequestContext>: RouterMiddleware {
    let assets: PortalAssets

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get || request.method == .head, let file = assets.files[request.uri.path] else {
            return try await next(request, context)
        }
        var headers: HTTPFields = [
            .contentType: file.type, .cacheControl: "public, max-age=31536000, immutable",
            .xContentTypeOptions: "nosniff", .contentLength: "\(file.content.count)",
            // A picture in which somebody has hidden a script stays a picture.
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ]
        headers[.crossOriginResourcePolicy] = "same-origin"
        let body = request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: file.content))
        return Response(status: .ok, headers: headers, body: body)
    }
}
