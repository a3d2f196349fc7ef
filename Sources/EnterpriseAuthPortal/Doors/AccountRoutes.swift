internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
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
        // Where one comes back to after the password was asked for again.
        router.get(RouterPath(PortalDoor.Path.sessions)) { _, context in context.login.redirect(to: .root) }
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
        let (sessions, remembered) = try await logins(of: session)
        page.sessions = sessions.map { Self.entry($0, isCurrent: $0.id == session.id) }
        page.remembered = remembered.map { Self.entry($0, isCurrent: $0.id == session.session.series) }
        return door.pages.answer(
            page,
            phrases: door.pages.phrases(request.head),
            person: door.name(user),
            notices: try await door.notices(login)
        )
    }

    /// The person's sessions, without those that hang on them and end with them, and the logins that are remembered.
    private func logins(of session: ResolvedSession) async throws -> ([Session], [RememberSeries]) {
        do throws(Outage) {
            let sessions = try await door.manager.sessions(.user(session.userID)).filter { $0.parent == nil }
            return (sessions, try await door.manager.rememberedLogins(.user(session.userID)))
        } catch {
            throw LoginUnavailable(outage: error)
        }
    }

    private static func entry(_ session: Session, isCurrent: Bool) -> AccountPage.Session {
        var entry = entry(session.id, session.createdAt, session.lastSeenAt, session.client)
        entry.isCurrent = isCurrent
        entry.isRemembered = session.series != nil
        return entry
    }

    private static func entry(_ series: RememberSeries, isCurrent: Bool) -> AccountPage.Session {
        var entry = entry(series.id, series.createdAt, series.usedAt, series.client)
        entry.isCurrent = isCurrent
        return entry
    }

    private static func entry(
        _ id: SessionID,
        _ begin: Timestamp,
        _ seen: Timestamp,
        _ client: SessionClient
    ) -> AccountPage.Session {
        var entry = AccountPage.Session(id: "\(id)", begin: DisplayTime.text(begin), seen: DisplayTime.text(seen))
        entry.device = client.userAgent.flatMap(DeviceName.text)
        if client.kind == .local { entry.device = "ent-login" }
        entry.address = client.address
        return entry
    }

    /// What a form wants to end.
    private enum Wish {
        case one(SessionID)
        case others
        case all

        /// Reads a form; nil if it names nothing that is the person's own.
        init?(_ form: ByteBufferView, own: [SessionID]) {
            if FormFields.value(of: "all", in: form) == "yes" {
                self = .all
            } else if FormFields.value(of: "others", in: form) == "yes" {
                self = .others
            } else {
                let wanted = FormFields.value(of: "session", in: form)
                guard let id = own.first(where: { "\($0)" == wanted }) else { return nil }
                self = .one(id)
            }
        }
    }

    private func end(_ request: inout Request, _ login: LoginContext) async throws -> Response {
        guard let session = try await door.session(login) else {
            return try await login.unauthorized(loginView: PortalDoor.Path.login)
        }
        // Whoever finds an open browser shall not lock its owner out elsewhere (OWASP ASVS 7.5.2).
        guard session.isFresh else { return try await login.needsRefresh(refreshView: PortalDoor.Path.relogin) }
        let bytes = try await door.form(&request)
        let (sessions, remembered) = try await logins(of: session)
        guard let wish = Wish(bytes, own: sessions.map(\.id) + remembered.map(\.id)) else {
            return login.redirect(to: .root)
        }
        if case .one(let id) = wish, [session.id, session.session.series].contains(id) {
            return try await logout(request, login)
        }
        try await end(wish, of: session, try login.client)
        switch wish {
        case .one: return try await done("session_ended", request, login)
        case .others: return try await done("sessions_ended", request, login)
        case .all: return try await logout(request, login, text: "logged_out_everywhere")
        }
    }

    private func end(_ wish: Wish, of session: ResolvedSession, _ client: SessionClient) async throws {
        do throws(Outage) {
            switch wish {
            case .one(let id): try await door.manager.end(.ids([id]), reason: .logout, client: client)
            // This one ends last, by a logout that takes the cookies along.
            case .others, .all: try await door.manager.logoutAll(session.userID, except: session.id, client: client)
            }
        } catch {
            throw LoginUnavailable(outage: error)
        }
    }

    private func done(_ key: String, _ request: Request, _ login: LoginContext) async throws -> Response {
        let phrases = door.pages.phrases(request.head)
        try await login.flash(FlashMessage(phrases.text(key), category: "success"))
        return login.redirect(to: .root)
    }

    /// Somebody came by a link: links change nothing, so the person is asked.
    private func askLogout(_ request: Request, _ login: LoginContext) async throws -> Response {
        guard try await door.session(login) != nil else { return login.redirect(to: NextTarget(PortalDoor.Path.login)) }
        return try await show(request, login)
    }

    private func logout(
        _ request: Request,
        _ login: LoginContext,
        text: String = "logged_out"
    ) async throws -> Response {
        try await login.logout()
        let phrases = door.pages.phrases(request.head)
        var page = MessagePage(title: "logged_out_title", text: phrases.text(text))
        page.link = (PortalDoor.Path.login, "log_in")
        return door.pages.answer(page, phrases: phrases)
    }
}
