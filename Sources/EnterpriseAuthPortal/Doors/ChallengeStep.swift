internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HostSystem
internal import NIOCore
internal import PortalPages

/// Names an open conversation in a form: its id, its provider, and how many answers it wants.
struct ChallengeStep: Sendable {
    private static let maximumAnswers = 16

    private let id: String
    private let provider: String
    private let count: Int

    init(_ challenge: Challenge) {
        (id, provider, count) = (challenge.id, challenge.provider, challenge.prompts.count)
    }

    /// Reads what `text` wrote; whatever else comes names no conversation that anybody knows.
    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let count = Int(parts[0]), (0...Self.maximumAnswers).contains(count) else { return nil }
        (self.count, id, provider) = (count, String(parts[1]), String(parts[2]))
    }

    var text: String { "\(count) \(id) \(provider)" }

    /// The answers in a form; nil if one is missing.
    func response(_ form: ByteBufferView) -> ChallengeResponse? {
        var answers: [SecretBytes] = []
        for index in 0..<count {
            guard let answer = FormFields.secret(of: ChallengePage.field(index), in: form) else { return nil }
            answers.append(answer)
        }
        return ChallengeResponse(challengeID: id, provider: provider, answers: answers)
    }
}
