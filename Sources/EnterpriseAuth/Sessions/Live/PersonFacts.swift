/// What the sources last showed of a person; one object for all of the person's sessions, replaced as a whole.
final class PersonFacts: Sendable {
    // What every request asks stands in front, beside the reference count that it touches anyway.

    /// Whether any source knows the person; false where there is only an application's word.
    let isKnownToSources: Bool
    private let isActive: Bool
    let user: DirectoryUser

    var identity: Identity { user.identity }

    init(_ user: DirectoryUser) {
        self.user = user
        isActive = user.isActive
        isKnownToSources = user.identity.source != .application
    }

    func shows(_ other: DirectoryUser) -> Bool { user == other }

    /// Whether these facts let a session be used.
    ///
    /// Inactive facts let in only those who were let in although inactive; of people whom no source knows the facts say
    /// nothing that a login has not decided already.
    func permit(_ session: LiveSession) -> Bool {
        isActive || session.isForced || !isKnownToSources
    }
}
