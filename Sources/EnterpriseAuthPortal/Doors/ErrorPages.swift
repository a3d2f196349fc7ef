internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import PortalPages

/// Turns errors into pages that say what to do; what nobody foresaw is logged, and tells the person nothing.
struct ErrorPages: RouterMiddleware {
    typealias Context = BasicLoginRequestContext

    let pages: PageAnswers

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            let plain = try error.response(from: request, context: context)
            return page(for: error, request, context, plain)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error(
                "a request failed",
                metadata: ["error": "\(type(of: error))", "path": "\(request.uri.path)"]
            )
            context.logger.debug("a request failed", metadata: ["detail": "\(error)"])
            return page(for: HTTPError(.internalServerError), request, context, Response(status: .internalServerError))
        }
    }

    private func page(
        for error: any HTTPResponseError,
        _ request: Request,
        _ context: Context,
        _ plain: Response
    ) -> Response {
        guard WantedAnswer(request.headers).isPage, plain.status.code >= 400 else { return plain }
        let phrases = pages.phrases(request.head)
        let (title, text) = Self.keys(for: error, plain.status)
        var page = MessagePage(title: title, text: phrases.text(text))
        if plain.status.code >= 500 {
            page.reference = context.logger[metadataKey: "hb.request.id"]?.description
        } else {
            page.link = (PortalDoor.Path.account, "back")
        }
        var response = pages.answer(page, status: plain.status, phrases: phrases)
        for name in [HTTPField.Name.retryAfter, .wwwAuthenticate, .allow] {
            response.headers[name] = plain.headers[name]
        }
        return response
    }

    private static func keys(for error: any HTTPResponseError, _ status: HTTPResponse.Status) -> (String, String) {
        if error is RequestForgery { return ("bad_request_title", "forged") }
        if error is LoginUnavailable { return ("unavailable_title", "unavailable_text") }
        switch status {
        case .notFound: return ("not_found_title", "not_found_text")
        case .contentTooLarge: return ("too_large_title", "bad_request_text")
        case _ where status.code >= 500: return ("error_title", "error_text")
        default: return ("bad_request_title", "bad_request_text")
        }
    }
}
