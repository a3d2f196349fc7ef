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
        let next = try door.next(in: bytes, login)
        let result: RenewalResult
        if let step = FormFields.value(of: "step", in: bytes) {
            guard let response = ChallengeStep(step)?.response(bytes) else {
                return try await again("challenge_over", request, login, next)
            }
            result = try await login.reauthenticate(answering: response)
        } else if let password = FormFields.secret(of: "password", in: bytes) {
            result = try await login.reauthenticate(password: password)
        } else {
            return try await again("malformed", request, login, next)
        }
        switch result {
        case .renewed: return login.redirect(to: next)
        case .anonymous: return login.redirect(to: NextTarget(PortalDoor.Path.login))
        case .challenge(let challenge):
            return
                try await door.ask(challenge, at: PortalDoor.Path.relogin, request, login, next: next)
        case .passwordChangeRequired: return try await again("password_change_required", request, login, next)
        case .refused: return try await again("refused", request, login, next)
        case .unavailable:
            return try await again("unavailable", request, login, next, status: .serviceUnavailable)
        }
    }

    private func again(
        _ key: String,
        _ request: Request,
        _ login: LoginContext,
        _ next: NextTarget?,
        status: HTTPResponse.Status = .forbidden
    ) async throws -> Response {
        try await door.again(key, request, status: status) {
            try await page(request, login, next, status: $0, notices: $1)
        }
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
        var page = ReloginPage(
            action: PortalDoor.Path.relogin,
            csrf: try await login.csrfToken(),
            next: next?.text,
            username: session.directoryUser.loginName
        )
        page.logoutAction = PortalDoor.Path.logout
        return door.pages.answer(
            page,
            status: status,
            phrases: door.pages.phrases(request.head),
            person: door.name(session.directoryUser),
            notices: notices,
            formTargets: door.formTargets(next)
        )
    }
}
