internal import Synchronization

/// Keeps one copy of texts that many sessions share, such as a User-Agent; bounded, because clients choose them.
final class StringPool: Sendable {
    private static let limit = 4096

    private let texts = Mutex<Set<String>>([])

    /// The same session with texts that others have too.
    func sharing(_ session: Session) -> Session {
        guard let userAgent = session.client.userAgent else { return session }
        var shared = session
        shared.client = SessionClient(
            kind: session.client.kind,
            address: session.client.address,
            userAgent: one(userAgent)
        )
        return shared
    }

    private func one(_ text: String) -> String {
        texts.withLock { texts in
            if let index = texts.firstIndex(of: text) { return texts[index] }
            if texts.count < Self.limit { texts.insert(text) }
            return text
        }
    }
}
