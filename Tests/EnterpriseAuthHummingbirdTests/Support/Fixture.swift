import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

/// Flask-Login's fixture as the example app has it, with a clock that stands still.
struct Fixture: Sendable {
    let clock = ManualClock()
    let app: ConformanceApp

    init(
        _ environment: [String: String] = [:],
        configure: (inout WebLoginSettings) -> Void = { _ in },
        userLoader: UserLoader? = nil
    ) throws {
        var settings = try ConformanceSettings(environment)
        configure(&settings.web)
        app = ConformanceApp(settings, clock: clock, userLoader: userLoader)
    }

    /// Runs a body with a browser that has been nowhere.
    func browse(_ body: @Sendable (Browser) async throws -> Void) async throws {
        try await browse({ _ in }, body)
    }

    /// The same with routes of the test's own.
    func browse<Value: Sendable>(
        _ addRoutes: (Router<ConformanceApp.Context>) -> Void,
        _ body: @Sendable (Browser) async throws -> Value
    ) async throws -> Value {
        let router = app.router()
        addRoutes(router)
        return try await Application(router: router).test(.router) { try await body(Browser($0)) }
    }
}

/// What happened at the web door while a body ran.
func events(
    of web: WebLogin,
    during body: () async throws -> Void
) async throws -> [WebLoginEvent] {
    let stream = web.events()
    try await body()
    // A mark of our own ends the list.
    web.send(.needsRefresh(path: "the end"))
    var events: [WebLoginEvent] = []
    for await event in stream {
        if case .needsRefresh("the end") = event { break }
        events.append(event)
    }
    return events
}
