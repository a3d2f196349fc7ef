internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import NIOHTTP1

/// Reads the body of a form before anybody else does, whole and in time, or not at all.
///
/// The server itself knows only how long a connection may be silent: one byte a minute would hold a request for ever.
struct FormDeadline: RouterMiddleware {
    typealias Context = BasicLoginRequestContext

    /// The time for the body of a form.
    var limit: Duration = .seconds(15)

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method != .get, request.method != .head else { return try await next(request, context) }
        if let text = request.headers[.contentLength], Int(text) ?? .max > PortalDoor.maximumFormBytes {
            throw HTTPError(.contentTooLarge, headers: [.connection: "close"])
        }
        var request = request
        request.body = RequestBody(buffer: try await read(request.body))
        return try await next(request, context)
    }

    private func read(_ body: RequestBody) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await body.collect(upTo: PortalDoor.maximumFormBytes)
                } catch is HTTPParserError {
                    throw HTTPError(.badRequest, headers: [.connection: "close"])
                }
            }
            group.addTask { [limit] in
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let buffer = first else {
                throw HTTPError(.requestTimeout, headers: [.connection: "close"])
            }
            return buffer
        }
    }
}
