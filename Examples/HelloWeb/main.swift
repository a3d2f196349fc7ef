// hello-web CONFIGURATION [PORT]
//
// A web application on loopback whose pages know who asks: what a Hummingbird application has to add is in `makeRouter`.
internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import Glibc
internal import HTTPTypes
internal import HostSystem
internal import Hummingbird
internal import PAMClient

/// The application's routes, and the login before them.
func makeRouter(_ manager: LoginManager, _ configuration: LoginConfiguration) -> Router<BasicLoginRequestContext> {
    var settings = WebLoginSettings(configuration)
    settings.loginView = "/login"
    let router = Router(context: BasicLoginRequestContext.self)
    router.add(middleware: LoginMiddleware(WebLogin(manager, settings: settings)))
    router.add(middleware: CSRFProtection())

    router.get("/") { _, context in
        let user = try await context.login.templateUser()
        return "Hello, \(user.isAnonymous ? "stranger" : user.name).\n"
    }
    router.group("/secret").add(middleware: LoginRequired())
        .get { _, _ in "Only people who are logged in read this.\n" }
    router.group("/plans").add(middleware: GroupRequired(any: ["engineering"]))
        .get { _, _ in "Only engineers read this.\n" }
    router.get("/login", use: loginPage)
    router.post("/login", use: logIn)
    router.post("/logout") { _, context in
        try await context.login.logout()
        return context.login.redirect(to: nil)
    }
    return router
}

/// The login page.
///
/// Whatever a request brought along is escaped before it is shown.
@Sendable func loginPage(_ request: Request, _ context: BasicLoginRequestContext) async throws -> Response {
    let messages = try await context.login.takeFlash().map { "<p>\(escaped($0.text))</p>" }.joined()
    let next = request.uri.queryParameters["next"].map(String.init) ?? ""
    return page(
        """
        <!DOCTYPE html><html lang="en"><title>Log in</title><h1>Log in</h1>\(messages)
        <form method="post"><input type="hidden" name="csrf_token" value="\(try await context.login.csrfToken())">
        <input type="hidden" name="next" value="\(escaped(next))">
        <label>User name <input name="username" autocomplete="username" required></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button>Log in</button></form></html>
        """
    )
}

/// What the login page's form sends.
struct LoginForm: Decodable {
    let username: String
    let password: String
    let next: String?
}

/// Checks a password, and leads back to the page that was asked for.
@Sendable func logIn(_ request: Request, _ context: BasicLoginRequestContext) async throws -> Response {
    let text = String(buffer: try await request.body.collect(upTo: 65_536))
    guard let form = try? URLEncodedFormDecoder().decode(LoginForm.self, from: text) else {
        throw HTTPError(.badRequest)
    }
    switch try await context.login.login(username: form.username, password: SecretBytes(form.password.utf8)) {
    case .success:
        // Where a request wants to be led is a `NextTarget` only if it is a page of this application.
        return context.login.redirect(to: try form.next.flatMap { try context.login.target($0) })
    case .unavailable:
        return page("<p>\(Outage.publicText)</p>", .serviceUnavailable)
    case .refused, .challenge, .passwordChangeRequired:
        return page("<p>\(Refusal.publicText)</p><p><a href=\"/login\">Again</a></p>", .forbidden)
    }
}

func page(_ html: String, _ status: HTTPResponse.Status = .ok) -> Response {
    let headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html + "\n")))
}

func escaped(_ text: String) -> String {
    text.reduce(into: "") { html, character in
        switch character {
        case "&": html += "&amp;"
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "\"": html += "&quot;"
        default: html.append(character)
        }
    }
}

/// Starts everything, serves until SIGTERM or Ctrl-C, and ends everything.
func serve(_ path: String, port: Int) async throws -> Int32 {
    let configuration = try LoginConfiguration.load(from: path)
    let assembly = try LoginAssembly(configuration)
    let failures = await assembly.start(deadline: .now + configuration.login.deadline)
    for failure in failures { print(failure) }
    guard failures.allSatisfy(\.isTemporary) else {
        await assembly.shutdown()
        return 78
    }
    let manager = LoginManager(
        configuration: configuration,
        chain: assembly.providers,
        judge: assembly.activePolicy,
        store: nil
    )
    let upkeep = Task { await manager.run() }
    let application = Application(
        router: makeRouter(manager, configuration),
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
    )
    let result: Result<Void, any Error>
    do { result = .success(try await application.runService()) } catch { result = .failure(error) }
    upkeep.cancel()
    await upkeep.value
    await manager.close()
    await assembly.shutdown()
    try result.get()
    return 0
}

// libpam runs in worker processes, which are this very program, called with this argument.
if CommandLine.arguments.dropFirst().elementsEqual(["pam-worker"]) {
    exit(PAMWorker.run(descriptor: PAMExecution.workerDescriptor))
}
guard CommandLine.arguments.count >= 2, let port = Int(CommandLine.arguments.dropFirst(2).first ?? "8080") else {
    print("usage: hello-web CONFIGURATION [PORT]")
    exit(64)
}
do {
    exit(try await serve(CommandLine.arguments[1], port: port))
} catch let error as ConfigurationError {
    for problem in error.problems { print(problem) }
    exit(78)
} catch {
    print(error)
    exit(75)
}
