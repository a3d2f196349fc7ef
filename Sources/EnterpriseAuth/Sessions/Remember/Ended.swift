extension SessionKeeper {
    /// A session or a remembered login that has ended, and why.
    struct Ended: Sendable {
        enum Subject: Sendable {
            case session(LiveSession)
            case series(RememberSeries)
        }

        let subject: Subject
        let reason: SessionEndReason

        /// What the audit log says of it.
        func event(at now: Timestamp, by client: SessionClient?, detail: String) -> LoginEvent {
            let (kind, id, identity): (LoginEvent.Kind, SessionID, Identity) =
                switch subject {
                case .session(let session): (.sessionEnd, session.id, session.person.view.facts.identity)
                case .series(let series): (.rememberEnd, series.id, series.identity)
                }
            var event = LoginEvent(kind, .success, at: now, reason: reason.rawValue, detail: detail)
            (event.userID, event.name, event.provider) = (identity.userID, identity.loginName, identity.provider)
            event.sessionID = id
            event.client = client
            return event
        }
    }
}

extension [SessionKeeper.Ended] {
    /// The sessions among them.
    var sessions: [LiveSession] {
        compactMap { if case .session(let session) = $0.subject { session } else { nil } }
    }

    /// The remembered logins among them.
    var series: [RememberSeries] {
        compactMap { if case .series(let series) = $0.subject { series } else { nil } }
    }

    /// What the store is told.
    var changes: [SessionChange] {
        let (sessions, series) = (sessions.map(\.id), series.map(\.id))
        return (sessions.isEmpty ? [] : [.end(sessions)]) + (series.isEmpty ? [] : [.endSeries(series)])
    }

    /// How many logins a person would say have ended: a remembered one counts where no session of it has ended with it.
    var loginCount: Int {
        let sessions = sessions
        let open = Set(sessions.compactMap(\.series))
        return sessions.count + series.count { !open.contains($0.id) }
    }
}
