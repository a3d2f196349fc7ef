public import EnterpriseAuth

/// One question that a stack asks after the password.
public struct PromptRecord: Codable, Sendable, Equatable {
    /// The text to show.
    public var text: String
    /// Whether what is typed may be seen.
    public var echoes: Bool

    /// Describes a question.
    /// - Parameter prompt: The question.
    public init(_ prompt: Challenge.Prompt) {
        (text, echoes) = (prompt.text, prompt.echoes)
    }
}
