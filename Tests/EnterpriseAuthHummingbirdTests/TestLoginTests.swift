import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

@Suite("Flask-Login: logins for tests")
struct TestLoginTests {
    @Test("T111: a plain client is anonymous")
    func plain() async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test("T112, T113, T114: a client with a login is who the test says, and as fresh as it says, in every protection")
    func loggedIn() async throws {
        for protection in ["none", "basic", "strong"] {
            let fixture = try Fixture(["SESSION_PROTECTION": protection])
            let client = SessionClient(userAgent: "Browser/1.0")
            for isFresh in [true, false] {
                let login = try await TestLogin(
                    ConformancePerson.notch,
                    fixture.app.manager,
                    fresh: isFresh,
                    cookie: "session",
                    client: client
                )
                try await fixture.browse { browser async throws in
                    let headers: HTTPFields = [.cookie: login.cookie]
                    #expect(try await browser.text("/username", headers) == "Notch")
                    #expect(try await browser.text("/is-fresh", headers) == isFresh.word)
                }
            }
        }
    }

    @Test("an inactive user is not logged in for a test either")
    func inactive() async throws {
        let fixture = try Fixture()
        await #expect(throws: ConformanceFailure.self) {
            try await TestLogin(ConformancePerson.creeper, fixture.app.manager)
        }
    }
}
