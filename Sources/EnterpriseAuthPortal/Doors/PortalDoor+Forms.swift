internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PortalPages

extension PortalDoor {
    /// Shows a form again, with what went wrong.
    /// - Parameters:
    ///   - key: The key of the text among the phrases.
    ///   - request: The request that sent the form.
    ///   - status: 403 for a no; 503 where nobody could say, with the time to come back.
    ///   - show: Shows the form.
    /// - Returns: The answer.
    /// - Throws: What `show` throws.
    func again(
        _ key: String,
        _ request: Request,
        status: HTTPResponse.Status = .forbidden,
        _ show: (HTTPResponse.Status, [Notice]) async throws -> Response
    ) async throws -> Response {
        var response = try await show(status, [Notice(.error, pages.phrases(request.head).text(key))])
        if status == .serviceUnavailable { response.headers[.retryAfter] = ProblemPages.retryAfter }
        return response
    }

    /// Asks what a login asks besides the password.
    /// - Parameters:
    ///   - challenge: The questions.
    ///   - path: Where the answers are sent, and where one begins anew.
    ///   - request: The request that led here.
    ///   - login: Who asks.
    ///   - next: Where the person was going.
    ///   - remember: Whether the login is to outlive the browser.
    /// - Returns: The answer.
    /// - Throws: `LoginUnavailable` if nobody can say whose page it is.
    func ask(
        _ challenge: Challenge,
        at path: String,
        _ request: Request,
        _ login: LoginContext,
        next: NextTarget?,
        remember: Bool = false
    ) async throws -> Response {
        var page = ChallengePage(
            action: path,
            csrf: try await login.csrfToken(),
            step: ChallengeStep(challenge).text,
            messages: challenge.messages,
            prompts: challenge.prompts.map { .init($0.text, echoes: $0.echoes) },
            startOver: path
        )
        page.next = next?.text
        page.remember = remember
        return pages.answer(page, phrases: pages.phrases(request.head), formTargets: formTargets(next))
    }

    /// Where a form says that the person was going, if it may be followed.
    func next(in form: ByteBufferView, _ login: LoginContext) throws -> NextTarget? {
        try FormFields.value(of: "next", in: form).flatMap { try login.target($0) }
    }
}
