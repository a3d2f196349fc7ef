internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import PortalPages

/// Who one is, where one is logged in, and the ends of that.
struct AccountRoutes: Sendable {
    let door: PortalDoor

    func add(to router: some RouterMethods<BasicLoginRequestContext>) {
        router.get(RouterPath(PortalDoor.Path.account)) { request, context in
            try await show(request, context.login)
        }
        router.post(RouterPath(PortalDoor.Path.sessions)) { request, context in
            var request = request
            return try await end(&request, context.login)
        }
        router.get(RouterPath(PortalDoor.Path.logout)) { request, context in
            try await askLogout(request, context.login)
        }
        router.post(RouterPath(PortalDoor.Path.logout)) { request, context in
            try await logout(request, context.login)
        }
    }

    private func show(_ request: Request, _ login: LoginContext) async throws -> Response {
        guard let session = try await door.session(login) else {
            return try await login.unauthorized(loginView: PortalDoor.Path.login)
        }
        let user = session.directoryUser
        var page = AccountPage(
            csrf: try await login.csrfToken(),
            endAction: PortalDoor.Path.sessions,
            logoutAction: PortalDoor.Path.logout,
            loginName: user.loginName
        )
        (page.name, page.email, page.groups) = (user.displayName, user.email, user.groups)
        page.sessions = try await sessions(of: session).map { Self.entry($0, isCurrent: $0.id == session.id) }
        return door.pages.answer(
            page,
            phrases: door.pages.phrases(request.head),
            person: door.name(user),
            notices: try await door.notices(login)
        )
    }

    /// The person's logins; the sessions that hang on them end with them.
    private func sessions(of session: ResolvedSession) async throws -> [Session] {
        do throws(Outage) {
            return try await door.manager.sessions(.user(session.userID)).filter { $0.parent == nil }
        } catch {
            throw LoginUnavailable(outage: error)
        }
    }

    private static func entry(_ session: Session, isCurrent: Bool) -> AccountPage.Session {
        var entry = AccountPage.Session(
            id: "\(session.id)",
            begin: DisplayTime.text(session.createdAt),
            seen: DisplayTime.text(session.lastSeenAt)
        )
        entry.device = session.client.userAgent.flatMap(DeviceName.text)
        if session.client.kind == .local { entry.device = "ent-login" }
        entry.address = session.client.address
        entry.isCurrent = isCurrent
        entry.isRemembered = session.flags.contains(.remembered)
        return entry
    }

    private func end(_ request: inout Request, _ login: LoginContext) async throws -> Response {
        guard let session = try await door.session(login) else {
            return try await login.unauthorized(loginView: PortalDoor.Path.login)
        }
        // Whoever finds an open browser shall not lock its owner out elsewhere (OWASP ASVS 7.5.2).
        guard session.isFresh else { return try await login.needsRefresh(refreshView: PortalDoor.Path.relogin) }
        let bytes = try await door.form(&request)
        let phrases = door.pages.phrases(request.head)
        let client = try login.client
        do throws(Outage) {
            if FormFields.value(of: "others", in: bytes) == "yes" {
                try await door.manager.logoutAll(session.userID, except: session.id, client: client)
            } else {
                let wanted = FormFields.value(of: "session", in: bytes)
                let own = try await door.manager.sessions(.user(session.userID))
                guard let found = own.first(where: { "\($0.id)" == wanted }) else {
                    return login.redirect(to: .root)
                }
                try await door.manager.end(.ids([found.id]), reason: .logout, client: client)
            }
        } catch {
            throw LoginUnavailable(outage: error)
        }
        let key = FormFields.value(of: "others", in: bytes) == "yes" ? "sessions_ended" : "session_ended"
        try await login.flash(FlashMessage(phrases.text(key), category: "success"))
        return login.redirect(to: .root)
    }

    /// Somebody came by a link: links change nothing, so the person is asked.
    private func askLogout(_ request: Request, _ login: LoginContext) async throws -> Response {
        guard try await door.session(login) != nil else { return login.redirect(to: NextTarget(PortalDoor.Path.login)) }
        return try await show(request, login)
    }

    private func logout(_ request: Request, _ login: LoginContext) async throws -> Response {
        try await login.logout()
        let phrases = door.pages.phrases(request.head)
        var page = MessagePage(title: "log_out", text: phrases.text("logged_out"))
        page.link = (PortalDoor.Path.login, "log_in")
        return door.pages.answer(page, phrases: phrases)
    }
}
