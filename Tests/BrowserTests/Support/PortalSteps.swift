import TestBed

/// What people do at the portal.
extension Browser {
    /// Fills the login form in and sends it.
    func logIn(_ user: String, _ password: String) async throws {
        try await type(user, into: "#username")
        try await type(password, into: "#password")
        try await click("main form button[type=submit]")
    }

    /// Fills the login form in and sends it.
    func logIn(as person: TestPerson) async throws { try await logIn(person.user, person.password) }

    /// Logs out with the button of the account page.
    func logOut() async throws {
        try await click("form[action=\"/logout\"] button")
    }

    /// The names of the cookies.
    var cookieNames: [String] {
        get async throws { try await cookies.compactMap { $0["name"].text }.sorted() }
    }
}
