internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import HostSystem
internal import Hummingbird

extension ConformanceApp {
    /// What tells something about the request's login.
    func addPages(to router: Router<Context>) {
        router.get("/") { _, _ in "Welcome!" }
        router.get("/empty_session") { _, _ in "modified=False" }
        router.get("/username") { _, context in
            let user = try await context.login.user()
            return (user as? ConformancePerson)?.name ?? "Anonymous"
        }
        router.get("/userid") { _, context in try await context.login.user().id?.rawValue ?? "" }
        router.get("/is-fresh") { _, context in try await context.login.isFresh().word }
        router.get("/is-remembered") { _, context in try await context.login.isRemembered().word }
        router.get("/flash") { _, context in
            try await context.login.takeFlash().map { "\($0.category): \($0.text)" }.joined(separator: "\n")
        }
        router.get("/next") { _, context in try await context.login.takeNext()?.text ?? "" }
        router.get("/data") { _, context in try await context.login.data()["data"] ?? "" }
        router.get("/set-data") { request, context in
            let value = request.uri.queryParameters["value"].map(String.init)
            try await context.login.changeData { data throws(SessionDataProblem) in try data.set(value, for: "data") }
            return ""
        }
    }

    /// What logs people in and out.
    func addLogins(to router: Router<Context>) {
        func logIn(
            _ path: String,
            _ person: ConformancePerson,
            remember: Bool = false,
            for duration: Duration? = nil
        ) {
            router.get(RouterPath(path)) { request, context in
                let query = request.uri.queryParameters
                let isFresh = query["fresh"] != "false"
                let result = try await context.login.login(
                    person,
                    force: query["force"] != nil,
                    fresh: isFresh,
                    remember: remember,
                    for: duration
                )
                guard case .success = result else { return false.word }
                return true.word
            }
        }
        logIn("/login-notch", .notch)
        logIn("/login-notch-remember", .notch, remember: true)
        logIn("/login-notch-remember-custom", .notch, remember: true, for: .seconds(7 * 3600))
        // Every session has its limits here; there is no second kind.
        logIn("/login-notch-permanent", .notch)
        logIn("/login-steve", .steve)
        logIn("/login-creeper", .creeper)
        logIn("/login-germanjapanese", .mueller)
        logIn("/login-germanjapanese-remember", .mueller, remember: true)
        router.get("/logout") { _, context in
            try await context.login.logout()
            return true.word
        }
        router.get("/confirm-login") { _, context in
            try await context.login.confirmLogin()
            return ""
        }
        for view in ["/login", "/app_login", "/refresh-view", "/first/login", "/second/login"] {
            router.get(RouterPath(view)) { request, context in try await page(request, context.login) }
        }
        router.post("/login") { request, context in try await submit(request, context.login) }
        router.post("/logout") { _, context in
            try await context.login.logout()
            return context.login.redirect(to: nil)
        }
    }

    /// What only some may see.
    func addGuarded(to router: Router<Context>) {
        router.get("/secret") { _, context in try await context.login.unauthorized() }
        router.get("/needs-refresh") { _, context in try await context.login.needsRefresh() }
        let methods: [HTTPRequest.Method] = [.get, .head, .options, .post]
        for method in methods {
            router.group("/protected").add(middleware: LoginRequired())
                .on("", method: method) { _, _ in "Access Granted" }
            router.group("/very-protected").add(middleware: FreshLoginRequired())
                .on("", method: method) { _, _ in "Access Granted" }
        }
        for name in ["first", "second"] {
            router.group(RouterPath("/\(name)")).add(middleware: LoginViews(login: "/\(name)/login"))
                .add(middleware: LoginRequired())
                .get("protected") { _, _ in "Access Granted" }
        }
    }

    /// A login page as plain as can be.
    private func page(_ request: Request, _ login: LoginContext) async throws -> Response {
        let user = try await login.templateUser()
        let messages = try await login.takeFlash().map { "<p class=\"\($0.category.html)\">\($0.text.html)</p>" }
        let next = request.uri.queryParameters["next"].map { String($0).html } ?? ""
        let form = """
            <!DOCTYPE html><title>Login</title><p>\(user.isAnonymous ? "Anonymous" : user.id.html)</p>
            \(messages.joined())<form method="post" action="/login"><input name="username">
            <input type="password" name="password"><input type="hidden" name="next" value="\(next)">
            <input type="hidden" name="csrf_token" value="\(try await login.csrfToken())"><button>Log in</button></form>
            """
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: form))
        )
    }

    private struct Form: Decodable {
        let username: String
        let password: String
        let next: String?
    }

    private func submit(_ request: Request, _ login: LoginContext) async throws -> Response {
        let body = try await request.body.collect(upTo: 65_536)
        guard let form = try? URLEncodedFormDecoder().decode(Form.self, from: String(buffer: body)) else {
            throw HTTPError(.badRequest)
        }
        let password = SecretBytes(Array(form.password.utf8))
        switch try await login.login(username: form.username, password: password) {
        case .success:
            // Only a safe place comes back: anything else goes to the start page.
            if let named = try form.next.flatMap({ try login.target($0) }) { return login.redirect(to: named) }
            return login.redirect(to: try await login.takeNext())
        case .unavailable(let outage): throw LoginUnavailable(outage: outage)
        case .challenge, .passwordChangeRequired, .refused:
            throw HTTPError(.unauthorized, message: Refusal.publicText)
        }
    }
}

extension String {
    /// The text as it may stand in a page, in quotes too.
    fileprivate var html: String {
        reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
