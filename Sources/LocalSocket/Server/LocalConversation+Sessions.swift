internal import EnterpriseAuth
internal import HostSystem

extension LocalConversation {
    /// Whose sessions a caller may see and end.
    private enum Scope {
        case everybody
        case some([Selection])

        /// A person, and which of the sessions under that name or id are theirs.
        struct Selection {
            var sessions: SessionSelection
            var isOwn: @Sendable (Identity) -> Bool
        }
    }

    func whoAmI(_ token: SessionToken) async -> LocalAnswer {
        switch await manager.resolve(token, client: caller.client) {
        case .active(let session):
            var answer = LocalAnswer(.success)
            answer.user = PersonRecord(session.session)
            answer.session = SessionRecord(session.session)
            answer.isFresh = session.isFresh
            return answer
        case .anonymous: return .notLoggedIn
        case .unavailable(let outage):
            note(outage)
            return .unavailable
        }
    }

    func logout(_ token: SessionToken, everywhere: Bool) async -> LocalAnswer {
        do throws(Outage) {
            var answer = LocalAnswer(.success)
            if everywhere {
                switch await manager.resolve(token, client: caller.client) {
                case .active(let session):
                    answer.ended = try await manager.logoutAll(session.userID, client: caller.client)
                case .anonymous: return .notLoggedIn
                case .unavailable(let outage):
                    note(outage)
                    return .unavailable
                }
            } else {
                answer.ended = try await manager.logout(token, client: caller.client) ? 1 : 0
            }
            return answer.ended == 0 ? .notLoggedIn : answer
        } catch {
            return told(error)
        }
    }

    func listSessions(of user: String?, token: SessionToken?) async -> LocalAnswer {
        do {
            let selection = user.map(SessionSelection.init(user:)) ?? .all
            guard let (sessions, remembered) = try await find(selection, token: token) else { return Self.notTheirs }
            var answer = LocalAnswer(.success)
            answer.sessions = sessions.map(ListedSession.init)
            answer.remembered = remembered.map(RememberedLoginRecord.init)
            return answer
        } catch let outage as Outage {
            return told(outage)
        } catch {
            return .unavailable
        }
    }

    func endSessions(_ selection: SessionSelection, token: SessionToken?) async -> LocalAnswer {
        do {
            if case .all = selection, !caller.isOperator { return Self.notTheirs }
            guard let (sessions, remembered) = try await find(selection, token: token) else { return Self.notTheirs }
            // A remembered login without a session has an id too, and counts as one.
            let open = Set(sessions.compactMap(\.series))
            let ended = sessions.map(\.id) + remembered.map(\.id).filter { !open.contains($0) }
            if caller.isOperator {
                try await manager.end(selection, client: caller.client)
            } else {
                try await manager.end(.ids(ended), reason: .user, client: caller.client)
            }
            var answer = LocalAnswer(.success)
            answer.ended = ended.count
            if case .ids(let ids) = selection {
                answer.unknown = Set(ids).subtracting(ended).sorted().map(\.description)
            } else {
                answer.unknown = []
            }
            if answer.unknown?.isEmpty == false { answer.outcome = .refused }
            return answer
        } catch let outage as Outage {
            return told(outage)
        } catch {
            return .unavailable
        }
    }

    private static let notTheirs = LocalAnswer(
        .refused,
        "Only root and the service's own user may see and end the sessions of others."
    )

    /// The sessions and remembered logins of a selection that are the caller's business.
    /// - Returns: Nil if the selection is somebody else.
    private func find(
        _ selection: SessionSelection,
        token: SessionToken?
    ) async throws -> ([Session], [RememberSeries])? {
        guard case .some(let own) = try await scope(token: token) else {
            return (try await manager.sessions(selection), try await manager.rememberedLogins(selection))
        }
        var (sessions, remembered): ([SessionID: Session], [SessionID: RememberSeries]) = ([:], [:])
        for part in own {
            for session in try await manager.sessions(part.sessions) where part.isOwn(session.identity) {
                sessions[session.id] = session
            }
            for series in try await manager.rememberedLogins(part.sessions) where part.isOwn(series.identity) {
                remembered[series.id] = series
            }
        }
        let isMeant: (SessionID, Identity) -> Bool
        switch selection {
        case .all: isMeant = { _, _ in true }
        case .user(let id): isMeant = { $1.userID == id }
        case .loginName(let name): isMeant = { $1.loginName == name }
        case .ids(let ids): isMeant = { id, _ in ids.contains(id) }
        }
        let found = (
            sessions.values.filter { isMeant($0.id, $0.identity) }
                .sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) },
            remembered.values.filter { isMeant($0.id, $0.identity) }.sorted { ($1.usedAt, $1.id) < ($0.usedAt, $0.id) }
        )
        // Who names nobody of their own hears the same whether there is such a person or not.
        if case .ids = selection { return found }
        if case .all = selection { return found }
        if own.contains(where: { $0.sessions == selection }) { return found }
        return found.0.isEmpty && found.1.isEmpty ? nil : found
    }

    /// Whose sessions the caller may see and end: the person of their token, and the local person with their number.
    private func scope(token: SessionToken?) async throws -> Scope {
        guard !caller.isOperator, let uid = caller.userID else { return .everybody }
        var own: [Scope.Selection] = []
        if let token {
            switch await manager.resolve(token, client: caller.client) {
            case .active(let session):
                let id = session.userID
                own.append(Scope.Selection(sessions: .user(id)) { $0.userID == id })
            case .anonymous: break
            case .unavailable(let outage): throw outage
            }
        }
        do throws(HostError) {
            if let entry = try await UserDatabase.user(id: uid, deadline: .now + .seconds(5)) {
                let isOwn: @Sendable (Identity) -> Bool = { identity in
                    guard case .local(_, let owner) = identity.source else { return false }
                    return owner == uid
                }
                own.append(Scope.Selection(sessions: .loginName(entry.name), isOwn: isOwn))
            }
        } catch {
            let detail = "the user database does not say who user \(uid) is: \(error)"
            throw Outage(.internal, source: "local socket", step: "getpwuid", detail: detail)
        }
        return .some(own)
    }
}
