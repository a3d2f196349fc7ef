public import EnterpriseAuth
internal import HTTPTypes
internal import Synchronization

extension LoginContext {
    /// The small data of the session, or of a visitor who has none.
    ///
    /// Keys that begin with an underscore belong to this layer.
    /// - Returns: The data as they are now.
    /// - Throws: `LoginUnavailable` if nobody can say whose they are.
    public func data() async throws -> SessionData {
        let web = try web
        if let session = try await session() { return session.data }
        return state.withLock { visitor(of: &$0, web)?.data } ?? SessionData()
    }

    /// Changes these data.
    ///
    /// A visitor's travel in a sealed cookie and have less room; they end at the login.
    /// - Parameter body: Changes the data; if nothing changes, nothing is written.
    /// - Throws: `SessionDataProblem` from `body` or for too much, `LoginUnavailable` if nobody can say whose they are or
    ///   the store did not take them.
    public func changeData(_ body: (inout SessionData) throws(SessionDataProblem) -> Void) async throws {
        let web = try web
        guard let session = try await session() else {
            return try state.withLock { state throws(SessionDataProblem) in try changeVisitor(&state, web, body) }
        }
        do {
            try await web.manager.changeData(of: session, body)
        } catch let outage as Outage {
            throw LoginUnavailable(outage: outage, retryAfter: web.settings.retryAfter)
        }
    }

    /// Leaves a message for the next page that shows messages.
    /// - Parameter message: The message; where there is no room, the oldest goes.
    /// - Throws: `LoginUnavailable` if nobody can say whose page that is.
    public func flash(_ message: FlashMessage) async throws {
        let web = try web
        guard try await session() == nil else {
            return try await changeData { data throws(SessionDataProblem) in Bag.add(message, to: &data) }
        }
        state.withLock { leave(message, &$0, web) }
    }

    /// Leaves a message with the visitor.
    func leave(_ message: FlashMessage, _ state: inout LoginState, _ web: WebLogin) {
        var visitor = visitor(of: &state, web) ?? Visitor()
        let before = visitor.data
        Bag.add(message, to: &visitor.data, fits: visitor.fits)
        if visitor.data != before { keep(visitor, &state) }
    }

    /// Takes the messages that were left: each is shown once.
    /// - Returns: The messages, the oldest first.
    /// - Throws: `LoginUnavailable` if nobody can say whose they are.
    public func takeFlash() async throws -> [FlashMessage] {
        guard let text = try await data()[Bag.flashKey] else { return [] }
        try await changeData { data throws(SessionDataProblem) in _ = data.take(Bag.flashKey) }
        return Bag.messages(in: text)
    }

    /// Where the person was going: out of the session or the visitor's cookie, or out of this request's address.
    ///
    /// It is safe to follow; whatever was not, has been reported and is not here.
    /// - Returns: Where to go; nil if nothing was said or it may not be followed.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func takeNext() async throws -> NextTarget? {
        let web = try web
        let carried = state.withLock { state in
            defer { state.next = nil }
            return state.next
        }
        if let carried { return carried }
        if let kept = try await data()[Bag.nextKey] {
            try await changeData { data throws(SessionDataProblem) in _ = data.take(Bag.nextKey) }
            return try target(kept)
        }
        guard let query = RequestTarget(head).query,
            let text = FormFields.value(of: web.settings.nextField, in: query.utf8)
        else { return nil }
        return try target(text)
    }

    /// Reads where to go out of a form.
    /// - Parameter text: What the form said.
    /// - Returns: Where to go; nil if it may not be followed, which is reported.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func target(_ text: String) throws -> NextTarget? {
        let web = try web
        if let target = web.target(text) { return target }
        if !text.isEmpty {
            web.manager.report(.refusedRedirect, detail: String(text.prefix(256)), client: try client)
        }
        return nil
    }

    /// The visitor that the request came with, or that was begun in it.
    func visitor(of state: inout LoginState, _ web: WebLogin) -> Visitor? {
        switch state.visitor {
        case .kept(let visitor): return visitor
        case .none: return nil
        case .unread: break
        }
        let name = web.settings.visitorCookie.name
        state.visitor = .none
        guard case .one(let text) = RequestCookies.find(name, in: head.headerFields) else { return nil }
        state.isPersonal = true
        guard let visitor = Visitor.open(text, as: name, with: web.keys.visitors, now: web.clock.nowMilliseconds)
        else { return nil }
        state.visitor = .kept(visitor)
        return visitor
    }

    /// Changes the visitor's data, and makes a visitor only if that leaves something to keep.
    private func changeVisitor(
        _ state: inout LoginState,
        _ web: WebLogin,
        _ body: (inout SessionData) throws(SessionDataProblem) -> Void
    ) throws(SessionDataProblem) {
        var visitor = visitor(of: &state, web) ?? Visitor()
        let before = visitor.data
        try body(&visitor.data)
        guard visitor.data != before else { return }
        guard visitor.fits(visitor.data) else { throw .tooLarge }
        keep(visitor, &state)
    }

    func keep(_ visitor: Visitor, _ state: inout LoginState) {
        state.visitor = .kept(visitor)
        state.isVisitorChanged = true
    }

    func forgetVisitor(_ state: inout LoginState) {
        state.visitor = .none
        state.isVisitorChanged = true
    }
}
