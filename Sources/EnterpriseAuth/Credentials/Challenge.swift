/// Questions that a stack asks after the password: a code, a choice, a new password.
public struct Challenge: Sendable, Hashable {
    /// One question.
    public struct Prompt: Sendable, Hashable {
        /// The text to show, as the stack wrote it, without control characters.
        public let text: String
        /// Whether what is typed may be seen (`PAM_PROMPT_ECHO_ON`).
        public let echoes: Bool

        /// Puts a question together.
        /// - Parameters:
        ///   - text: The text to show.
        ///   - echoes: Whether what is typed may be seen.
        public init(text: String, echoes: Bool) {
            self.text = text
            self.echoes = echoes
        }
    }

    /// Names the open conversation: unguessable, good for one answer.
    public let id: String

    /// The configured name of the provider that asks.
    public let provider: String

    /// Texts to show before the questions.
    public let messages: [String]

    /// The questions, to be answered in this order.
    public let prompts: [Prompt]

    /// Puts a challenge together.
    /// - Parameters:
    ///   - id: Names the open conversation.
    ///   - provider: The configured name of the provider that asks.
    ///   - messages: Texts to show before the questions.
    ///   - prompts: The questions.
    public init(id: String, provider: String, messages: [String], prompts: [Prompt]) {
        self.id = id
        self.provider = provider
        self.messages = messages
        self.prompts = prompts
    }
}
