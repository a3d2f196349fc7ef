import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

extension World {
    /// Somebody who guesses, from another address than the person.
    static let stranger = SessionClient(address: "198.51.100.9", userAgent: "Guesser")

    /// Tries a password.
    /// - Returns: Why it was refused; nil if it was not.
    @discardableResult
    func attempt(
        _ name: String,
        _ password: String,
        client: SessionClient = stranger,
        device: KnownDevice? = nil
    ) async throws -> Refusal.Reason? {
        let credentials = try Self.credentials(name, password)
        return await manager.login(credentials, client: client, device: device).refusal?.reason
    }

    /// Tries a password of alice's.
    @discardableResult
    func attempt(
        _ password: String,
        client: SessionClient = stranger,
        device: KnownDevice? = nil
    ) async throws -> Refusal.Reason? {
        try await attempt("alice", password, client: client, device: device)
    }

    /// Brings wrong passwords, each of them new.
    func guess(_ name: String = "alice", times: Int, client: SessionClient = stranger) async throws {
        for _ in 0..<times { try await attempt(name, "wrong \(UInt64.random(in: 0 ... .max))", client: client) }
    }

    /// How many failures are remembered for a name.
    func failures(_ name: String) async throws -> Int {
        try await manager.throttleEntries().first { $0.kind == .account && $0.account == name }?.failures ?? 0
    }

    /// Lets a password of alice's through the throttle, and asks nobody.
    func ticket(_ password: String) async throws -> ThrottleTicket {
        let (throttle, typed) = (try #require(manager.throttle), try Self.credentials("alice", password))
        let end = ContinuousClock.now + .seconds(30)
        guard case .admitted(let ticket) = await throttle.admit(typed, client: Self.browser, device: nil, until: end)
        else {
            throw ConformanceFailure("not let through")
        }
        return ticket
    }
}
