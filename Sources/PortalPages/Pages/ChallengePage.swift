/// What a login asks besides the password: a code, a choice, a new password.
public struct ChallengePage: Page {
    /// One question.
    public struct Prompt: Sendable, Equatable {
        /// The question, as the login's source asks it.
        public var text: String
        /// Whether the answer may be seen while it is typed.
        public var echoes: Bool

        /// Makes a question.
        /// - Parameters:
        ///   - text: The question, as the login's source asks it.
        ///   - echoes: Whether the answer may be seen while it is typed.
        public init(_ text: String, echoes: Bool) {
            (self.text, self.echoes) = (text, echoes)
        }
    }

    /// Where the form is sent.
    public var action: String
    /// Proves that the form is ours.
    public var csrf: String
    /// Names the login that is going on.
    public var step: String
    /// Where the person wanted to go, already checked; nil for nowhere special.
    public var next: String?
    /// Whether the login is to outlive the browser.
    public var remember = false
    /// What the source says before it asks.
    public var messages: [String]
    /// The questions; the answer to number n comes in the field `answer-n`.
    public var prompts: [Prompt]
    /// Where one begins anew.
    public var startOver: String

    /// Fills the form.
    /// - Parameters:
    ///   - action: Where the form is sent.
    ///   - csrf: Proves that the form is ours.
    ///   - step: Names the login that is going on.
    ///   - messages: What the source says before it asks.
    ///   - prompts: The questions.
    ///   - startOver: Where one begins anew.
    public init(
        action: String,
        csrf: String,
        step: String,
        messages: [String],
        prompts: [Prompt],
        startOver: String
    ) {
        self.action = action
        self.csrf = csrf
        self.step = step
        self.messages = messages
        self.prompts = prompts
        self.startOver = startOver
    }

    /// The name of the field with an answer.
    /// - Parameter index: The question's number, from 0.
    /// - Returns: The name.
    public static func field(_ index: Int) -> String { "answer-\(index)" }

    /// The form with the questions.
    public var template: PageTemplate { .challenge }

    /// “One more step”.
    /// - Parameter phrases: The language.
    /// - Returns: The text.
    public func heading(_ phrases: Phrases) -> String { phrases.text("challenge_title") }

    /// What the template asks for.
    /// - Parameter phrases: The language.
    /// - Returns: Values by the names in the template.
    public func fields(_ phrases: Phrases) -> [String: Any] {
        let prompts = prompts.enumerated().map { index, prompt -> [String: Any] in
            [
                "id": Self.field(index), "label": prompt.text, "type": prompt.echoes ? "text" : "password",
                "isFirst": index == 0,
            ]
        }
        var fields: [String: Any] = [
            "action": action, "csrf": csrf, "step": step, "messages": messages, "prompts": prompts,
            "remember": remember, "startOver": startOver,
        ]
        fields["next"] = next
        return fields
    }
}
