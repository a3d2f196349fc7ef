internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import HostSystem
internal import Hummingbird
internal import PortalPages

/// The login page: user name and password, and whatever else the login asks.
struct LoginRoutes: Sendable {
    let door: PortalDoor

    /// What a form said besides the secrets.
    private struct Form {
        let username: String
        let next: NextTarget?
        let remember: Bool
    }

    func add(to router: some RouterMethods<BasicLoginRequestContext>) {
        router.get(RouterPath(PortalDoor.Path.login)) { request, context in
            try await show(request, context.login)
        }
        router.post(RouterPath(PortalDoor.Path.login)) { request, context in
            var request = request
            return try await take(&request, context.login)
        }
    }

    private func show(_ request: Request, _ login: LoginContext) async throws -> Response {
        let next = try await login.takeNext()
        if try await door.session(login) != nil { return login.redirect(to: next) }
        let form = Form(username: "", next: next, remember: false)
        return try await page(request, login, form, notices: try await door.notices(login))
    }

    private func take(_ request: inout Request, _ login: LoginContext) async throws -> Response {
        let bytes = try await door.form(&request)
        let form = Form(
            username: FormFields.value(of: "username", in: bytes) ?? "",
            next: try FormFields.value(of: "next", in: bytes).flatMap { try login.target($0) },
            remember: FormFields.value(of: "remember", in: bytes) == "yes"
        )
        if let step = FormFields.value(of: "step", in: bytes) {
            guard let response = ChallengeStep(step)?.response(bytes) else {
                return try await refused(request, login, form, "challenge_over")
            }
            return try await conclude(try await login.answer(response), request, login, form)
        }
        guard let password = FormFields.secret(of: "password", in: bytes), !form.username.isEmpty else {
            return try await refused(request, login, form, "malformed")
        }
        let result = try await login.login(username: form.username, password: password)
        return try await conclude(result, request, login, form)
    }

    private func conclude(
        _ result: LoginResult,
        _ request: Request,
        _ login: LoginContext,
        _ form: Form
    ) async throws -> Response {
        let phrases = door.pages.phrases(request.head)
        switch result {
        case .success(let success):
            for notice in success.notices {
                try await login.flash(FlashMessage(NoticeText.text(notice, phrases), category: "info"))
            }
            if let next = form.next { return login.redirect(to: next) }
            return login.redirect(to: try await login.takeNext())
        case .challenge(let challenge):
            return try await challengePage(challenge, request, login, form)
        case .passwordChangeRequired:
            return try await refused(request, login, form, "password_change_required")
        case .refused:
            return try await refused(request, login, form, "refused")
        case .unavailable:
            let notices = [Notice(.error, phrases.text("unavailable"))]
            var response = try await page(request, login, form, status: .serviceUnavailable, notices: notices)
            response.headers[.retryAfter] = "5"
            return response
        }
    }

    private func refused(
        _ request: Request,
        _ login: LoginContext,
        _ form: Form,
        _ key: String
    ) async throws -> Response {
        let notices = [Notice(.error, door.pages.phrases(request.head).text(key))]
        return try await page(request, login, form, status: .forbidden, notices: notices)
    }

    private func page(
        _ request: Request,
        _ login: LoginContext,
        _ form: Form,
        status: HTTPResponse.Status = .ok,
        notices: [Notice]
    ) async throws -> Response {
        let page = LoginPage(
            action: PortalDoor.Path.login,
            csrf: try await login.csrfToken(),
            next: form.next?.text,
            username: form.username,
            canRemember: door.canRemember,
            remember: form.remember
        )
        return door.pages.answer(
            page,
            status: status,
            phrases: door.pages.phrases(request.head),
            notices: notices,
            formTargets: door.formTargets(form.next)
        )
    }

    private func challengePage(
        _ challenge: Challenge,
        _ request: Request,
        _ login: LoginContext,
        _ form: Form
    ) async throws -> Response {
        var page = ChallengePage(
            action: PortalDoor.Path.login,
            csrf: try await login.csrfToken(),
            step: ChallengeStep(challenge).text,
            messages: challenge.messages,
            prompts: challenge.prompts.map { .init($0.text, echoes: $0.echoes) },
            startOver: PortalDoor.Path.login
        )
        page.next = form.next?.text
        page.remember = form.remember
        return door.pages.answer(
            page,
            phrases: door.pages.phrases(request.head),
            formTargets: door.formTargets(form.next)
        )
    }
}
