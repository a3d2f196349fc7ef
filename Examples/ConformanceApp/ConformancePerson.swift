internal import EnterpriseAuth

/// A person of the fixture: an application's own kind of user.
struct ConformancePerson: User, Equatable {
    let name: String
    let number: String
    var isActive = true

    var id: UserID? { UserID(rawValue: number) }

    static let notch = ConformancePerson(name: "Notch", number: "1")
    static let steve = ConformancePerson(name: "Steve", number: "2")
    static let creeper = ConformancePerson(name: "Creeper", number: "3", isActive: false)
    static let mueller = ConformancePerson(name: "Müller", number: "佐藤")

    static let all = [notch, steve, creeper, mueller]
}
