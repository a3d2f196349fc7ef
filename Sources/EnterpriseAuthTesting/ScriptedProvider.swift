public import EnterpriseAuth
internal import HostSystem
internal import Synchronization

/// A provider that says what a test tells it to say.
///
/// People are added with a password; whoever was not added is unknown. Calls are counted.
public final class ScriptedProvider: CredentialProvider {
    private struct Person: Sendable {
        var password: SecretBytes
        var outcome: CredentialOutcome
    }

    private struct Script: Sendable {
        var people: [String: Person] = [:]
        var answers: [String: CredentialOutcome] = [:]
        var standings: [UserID: AccountStanding] = [:]
        var outage: Outage?
        var verifications = 0
        var rechecks = 0
    }

    /// The configured name.
    public let name: String

    private let script = Mutex(Script())

    /// Makes a provider that knows nobody.
    /// - Parameter name: The configured name.
    public init(name: String = "scripted") {
        self.name = name
    }

    /// How often a password was checked.
    public var verifications: Int { script.withLock { $0.verifications } }

    /// How often an account was looked at again.
    public var rechecks: Int { script.withLock { $0.rechecks } }

    /// Adds a person whose right password gives `verified`.
    /// - Parameters:
    ///   - identity: Who it is; known by its login name.
    ///   - password: The right password.
    ///   - outcome: What the right password gives instead.
    public func add(_ identity: Identity, password: String, outcome: CredentialOutcome? = nil) {
        add(identity, passwordBytes: Array(password.utf8), outcome: outcome)
    }

    /// Adds a person whose right password need not be text.
    /// - Parameters:
    ///   - identity: Who it is; known by its login name.
    ///   - passwordBytes: The right password.
    ///   - outcome: What the right password gives instead of `verified`.
    public func add(_ identity: Identity, passwordBytes: [UInt8], outcome: CredentialOutcome? = nil) {
        let person = Person(
            password: SecretBytes(passwordBytes),
            outcome: outcome ?? .verified(identity, notices: [])
        )
        script.withLock { script in
            script.people[identity.loginName] = person
            script.standings[identity.userID] = .good(identity)
        }
    }

    /// Says what an account's state is from now on.
    /// - Parameters:
    ///   - standing: What `recheck` answers.
    ///   - userID: For whom.
    public func set(_ standing: AccountStanding, for userID: UserID) {
        script.withLock { $0.standings[userID] = standing }
    }

    /// Says what the answer to a challenge gives.
    /// - Parameters:
    ///   - outcome: What `answer` gives, once.
    ///   - challengeID: To which challenge.
    public func set(_ outcome: CredentialOutcome, forChallenge challengeID: String) {
        script.withLock { $0.answers[challengeID] = outcome }
    }

    /// Makes the provider fall silent, or speak again.
    /// - Parameter outage: What every call answers; nil ends the outage.
    public func set(outage: Outage?) {
        script.withLock { $0.outage = outage }
    }

    /// Checks a password by the script.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - deadline: Unused.
    /// - Returns: What the script says.
    public func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        script.withLock { script in
            script.verifications += 1
            if let outage = script.outage { return .unavailable(outage) }
            guard let person = script.people[credentials.username] else {
                return .refused(Refusal(.unknownUser, provider: name, detail: "nobody of this name in the script"))
            }
            guard person.password == credentials.password else {
                return .refused(Refusal(.wrongPassword, provider: name, detail: "not the password of the script"))
            }
            return person.outcome
        }
    }

    /// Answers a challenge by the script.
    /// - Parameters:
    ///   - response: The answers.
    ///   - deadline: Unused.
    /// - Returns: What the script says; a challenge that is not in it is refused.
    public func answer(_ response: ChallengeResponse, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        script.withLock { script in
            script.answers.removeValue(forKey: response.challengeID)
                ?? .refused(Refusal(.notPermitted, provider: name, detail: "no such challenge in the script"))
        }
    }

    /// Tells an account's state by the script.
    /// - Parameters:
    ///   - identity: Whose.
    ///   - deadline: Unused.
    /// - Returns: What the script says; whoever is not in it has ended.
    public func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        script.withLock { script in
            script.rechecks += 1
            if let outage = script.outage { return .unavailable(outage) }
            return script.standings[identity.userID]
                ?? .ended(Refusal(.unknownUser, provider: name, detail: "nobody of this id in the script"))
        }
    }
}
