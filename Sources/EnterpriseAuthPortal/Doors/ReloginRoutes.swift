internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import PortalPages

/// Asks somebody who is logged in for the password again.
struct ReloginRoutes: Sendable {
    let door: PortalDoor

    func add(to router: some RouterMethods<BasicLoginRequestContext>) {
        router.get(RouterPath(PortalDoor.Path.relogin)) { request, context in
            let next = try await context.login.takeNext()
            return try await page(request, context.login, next, notices: try await door.notices(context.login))
        }
        router.post(RouterPath(PortalDoor.Path.relogin)) { request, context in
            var request = request
            return try await take(&request, context.login)
        }
    }

    private func take(_ request: inout Request, _ login: LoginContext) async throws -> Response {
        let bytes = try await door.form(&request)
        let next = try FormFields.value(of: "next", in: bytes).flatMap { try login.target($0) }
        let phrases = door.pages.phrases(request.head)
        let result: RenewalResult
        if let step = FormFields.value(of: "step", in: bytes) {
            guard let response = ChallengeStep(step)?.response(bytes) else {
                return try await refused(request, login, next, "challenge_over")
            }
            result = try await login.reauthenticate(answering: response)
        } else if let password = FormFields.secret(of: "password", in: bytes) {
            result = try await login.reauthenticate(password: password)
        } else {
            return try await refused(request, login, next, "malformed")
        }
        switch result {
        case .renewed: return login.redirect(to: next)
        case .anonymous: return login.redirect(to: NextTarget(PortalDoor.Path.login))
        case .challenge(let challenge): return try await challengePage(challenge, request, login, next)
        case .passwordChangeRequired: return try await refused(request, login, next, "password_change_required")
        case .refused: return try await refused(request, login, next, "refused")
        case .unavailable:
            let notices = [Notice(.error, phrases.text("unavailable"))]
            var response = try await page(request, login, next, status: .serviceUnavailable, notices: notices)
            response.headers[.retryAfter] = "5"
            return response
        }
    }

    private func refused(
        _ request: Request,
        _ login: LoginContext,
        _ next: NextTarget?,
        _ key: String
    ) async throws -> Response {
        let notices = [Notice(.error, door.pages.phrases(request.head).text(key))]
        return try await page(request, login, next, status: .forbidden, notices: notices)
    }

    private func page(
        _ request: Request,
        _ login: LoginContext,
        _ next: NextTarget?,
        status: HTTPResponse.Status = .ok,
        notices: [Notice]
    ) async throws -> Response {
        guard let session = try await door.session(login) else {
            return login.redirect(to: NextTarget(PortalDoor.Path.login))
        }
        let page = ReloginPage(
            action: PortalDoor.Path.relogin,
            csrf: try await login.csrfToken(),
            next: next?.text,
            username: session.directoryUser.loginName
        )
        return door.pages.answer(
            page,
            status: status,
            phrases: door.pages.phrases(request.head),
            person: door.name(session.directoryUser),
            notices: notices,
            formTargets: door.formTargets(next)
        )
    }

    private func challengePage(
        _ challenge: Challenge,
        _ request: Request,
        _ login: LoginContext,
        _ next: NextTarget?
    ) async throws -> Response {
        var page = ChallengePage(
            action: PortalDoor.Path.relogin,
            csrf: try await login.csrfToken(),
            step: ChallengeStep(challenge).text,
            messages: challenge.messages,
            prompts: challenge.prompts.map { .init($0.text, echoes: $0.echoes) },
            startOver: PortalDoor.Path.relogin
        )
        page.next = next?.text
        return door.pages.answer(page, phrases: door.pages.phrases(request.head), formTargets: door.formTargets(next))
    }
}
