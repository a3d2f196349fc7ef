public import HostSystem

/// The answers to a challenge.
public struct ChallengeResponse: Sendable {
    /// The challenge's `id`.
    public let challengeID: String

    /// The challenge's `provider`.
    public let provider: String

    /// One answer for each prompt, in the prompts' order.
    public let answers: [SecretBytes]

    /// Puts the answers together.
    /// - Parameters:
    ///   - challengeID: The challenge's `id`.
    ///   - provider: The challenge's `provider`.
    ///   - answers: One answer for each prompt, in the prompts' order.
    public init(challengeID: String, provider: String, answers: [SecretBytes]) {
        self.challengeID = challengeID
        self.provider = provider
        self.answers = answers
    }
}
