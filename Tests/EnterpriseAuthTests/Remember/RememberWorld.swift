import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

extension World {
    static let otherBrowser = SessionClient(address: "198.51.100.9", userAgent: "Other/2.0")

    /// A world in which logins may be remembered.
    static func remembering(
        store: (any SessionStore)? = MemorySessionStore(),
        configure: (inout LoginConfiguration) -> Void = { _ in }
    ) -> World {
        World(store: store) { configuration in
            configuration.remember.enabled = true
            configure(&configuration)
        }
    }

    /// Logs in to be remembered, and lets the session run out.
    func rememberedLater(_ name: String = "alice") async throws -> RememberToken {
        let token = try #require(try await login(name, remember: true).rememberToken)
        clock.advance(by: .seconds(86_400))
        return token
    }

    func restore(_ token: RememberToken, client: SessionClient = browser) async -> RestoreResult {
        await manager.restore(token, client: client)
    }

    /// Comes back by a remember token that must be good.
    func restored(_ token: RememberToken, client: SessionClient = browser) async throws -> Restored {
        let result = await restore(token, client: client)
        let success = try #require(result.success, "\(result)")
        return Restored(token: success.token, remember: try #require(success.rememberToken), id: success.session.id)
    }

    struct Restored: Sendable {
        let token: SessionToken
        let remember: RememberToken
        let id: SessionID
    }

    /// The last event of a kind.
    func event(_ kind: LoginEvent.Kind) -> LoginEvent? {
        audit.events.last { $0.kind == kind }
    }
}

extension RestoreResult {
    var success: LoginSuccess? {
        if case .restored(let success) = self { success } else { nil }
    }

    var anonymousReason: Resolution.AnonymousReason? {
        if case .anonymous(let reason) = self { reason } else { nil }
    }

    var outage: Outage? {
        if case .unavailable(let outage) = self { outage } else { nil }
    }
}
