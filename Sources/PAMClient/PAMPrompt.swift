/// A question that a module asks the person (`PAM_PROMPT_ECHO_ON`, `PAM_PROMPT_ECHO_OFF`).
public struct PAMPrompt: Hashable, Sendable {
    /// Whether the answer may be seen while it is typed.
    public let echo: Bool

    /// The question, cleaned and cut like a ``PAMMessage``.
    public let text: String

    /// Keeps a question of a module's.
    /// - Parameters:
    ///   - echo: Whether the answer may be seen while it is typed.
    ///   - text: The question as it came.
    public init(echo: Bool, text: String) {
        self.echo = echo
        self.text = PAMMessage.clean(text)
    }
}
