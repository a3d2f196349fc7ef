internal import EnterpriseAuth

extension LocalConversation {
    func restore(_ token: RememberToken) async -> LocalAnswer {
        switch await manager.restore(token, client: caller.client) {
        case .restored(let success): return LocalAnswer(success)
        case .anonymous(.ended(.theft)):
            return LocalAnswer(
                .refused,
                "The login that was kept here has been used from somewhere else, so it has been ended. Log in again, and "
                    + "change your password if you do not know why."
            )
        case .anonymous: return .notLoggedIn
        case .unavailable(let outage):
            note(outage)
            return .unavailable
        }
    }

    func forget(_ token: RememberToken) async -> LocalAnswer {
        do throws(Outage) {
            guard try await manager.forget(token, client: caller.client) else { return .notLoggedIn }
            var answer = LocalAnswer(.success)
            answer.ended = 1
            return answer
        } catch {
            return told(error)
        }
    }
}

extension LocalAnswer {
    /// A session that has begun.
    init(_ success: LoginSuccess) {
        self.init(.success)
        user = PersonRecord(success.session)
        session = SessionRecord(success.session)
        notices = success.notices.map(NoticeRecord.init)
        token = success.token
        rememberToken = success.rememberToken
    }
}
