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
            next: try door.next(in: bytes, login),
            remember: door.canRemember && FormFields.value(of: "remember", in: bytes) == "yes"
        )
        if let step = FormFields.value(of: "step", in: bytes) {
            guard let response = ChallengeStep(step)?.response(bytes) else {
                return try await again("challenge_over", request, login, form)
            }
            return try await conclude(
                try await login.answer(response, remember: form.remember),
                request,
                login,
                form
            )
        }
        guard let password = FormFields.secret(of: "password", in: bytes), !form.username.isEmpty else {
            return try await again("malformed", request, login, form)
        }
        let result = try await login.login(
            username: form.username,
            password: password,
            remember: form.remember
        )
        return try await conclude(result, request, login, form)
    }

    private func conclude(
        _ result: LoginResult,
        _ request: Request,
        _ login: LoginContext,
        _ form: Form
    ) async throws -> Response {
        switch result {
        case .success(let success):
            let phrases = door.pages.phrases(request.head)
            for notice in success.notices {
                try await login.flash(FlashMessage(NoticeText.text(notice, phrases), category: "info"))
            }
            if let next = form.next { return login.redirect(to: next) }
            return login.redirect(to: try await login.takeNext())
        case .challenge(let challenge):
            return try await door.ask(
                challenge,
                at: PortalDoor.Path.login,
                request,
                login,
                next: form.next,
                remember: form.remember
            )
        case .passwordChangeRequired:
            return try await again("password_change_required", request, login, form)
        case .refused:
            return try await again("refused", request, login, form)
        case .unavailable:
            return try await again("unavailable", request, login, form, status: .serviceUnavailable)
        }
    }

    private func again(
        _ key: String,
        _ request: Request,
        _ login: LoginContext,
        _ form: Form,
        status: HTTPResponse.Status = .forbidden
    ) async throws -> Response {
        try await door.again(key, request, status: status) {
            try await page(request, login, form, status: $0, notices: $1)
        }
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
}
