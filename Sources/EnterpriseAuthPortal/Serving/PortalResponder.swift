internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import HostSystem
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Has each request answered by the portal of the moment it comes.
struct PortalResponder: Sendable {
    let current: CurrentPortal
    let isPublic: Bool
    let logger: Logger

    func answer(
        _ request: Request,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel
    ) async throws {
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
        let context = BasicLoginRequestContext(source: .init(channel: channel, logger: logger))
        var response: Response
        do {
            response = try await current.responder(isPublic: isPublic).respond(to: request, context: context)
        } catch let error as HTTPParserError {
            // Half a request: the server says so, and hangs up.
            throw error
        } catch {
            logger.debug("nobody answers a request", metadata: ["error.type": "\(type(of: error))"])
            response = Response(status: .internalServerError)
        }
        response.headers[.date] = HTTPDate.now
        try await writer.write(response: response.head, body: response.body)
    }
}
