internal import Synchronization

/// Keeps one copy of texts that many sessions share: User-Agents, and the names of groups.
///
/// Bounded, because clients and directories choose them; what does not fit is kept once for each.
final class StringPool: Sendable {
    private struct State: Sendable {
        var texts: Set<String> = []
        var lists: Set<[String]> = []
    }

    private static let textLimit = 65_536
    private static let listLimit = 16_384

    private let state = Mutex(State())

    /// The same session with texts that others have too.
    func sharing(_ session: Session) -> Session {
        guard let userAgent = session.client.userAgent else { return session }
        var shared = session
        shared.client = SessionClient(
            kind: session.client.kind,
            address: session.client.address,
            userAgent: state.withLock { Self.one(userAgent, &$0) }
        )
        return shared
    }

    /// The same person with names of groups that others have too.
    func sharing(_ user: DirectoryUser) -> DirectoryUser {
        let groups = state.withLock { state in
            if let index = state.lists.firstIndex(of: user.groups), Self.same(state.lists[index], user.groups) {
                return state.lists[index]
            }
            let groups = user.groups.map { Self.one($0, &state) }
            if state.lists.count < Self.listLimit { state.lists.insert(groups) }
            return groups
        }
        return DirectoryUser(identity: user.identity, groups: groups, isActive: user.isActive)
    }

    private static func same(_ lhs: [String], _ rhs: [String]) -> Bool {
        lhs.count == rhs.count && zip(lhs, rhs).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// One copy of a text.
    ///
    /// Swift takes texts for equal that differ in their bytes only (canonical equivalence); such a one is not shared.
    private static func one(_ text: String, _ state: inout State) -> String {
        if let index = state.texts.firstIndex(of: text) {
            return state.texts[index].utf8.elementsEqual(text.utf8) ? state.texts[index] : text
        }
        if state.texts.count < textLimit { state.texts.insert(text) }
        return text
    }
}
