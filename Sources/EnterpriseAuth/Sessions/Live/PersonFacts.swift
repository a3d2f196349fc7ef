/// What the sources last showed of a person; one object for all of the person's sessions, replaced as a whole.
final class PersonFacts: Sendable {
    let user: DirectoryUser

    var identity: Identity { user.identity }

    init(_ user: DirectoryUser) {
        self.user = user
    }

    func shows(_ other: DirectoryUser) -> Bool { user == other }
}
