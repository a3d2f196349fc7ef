/// What a stack decided and said about one question.
public struct PAMCheckResult: Hashable, Sendable {
    /// What `pam_authenticate` returned; nil if it was not called.
    public var authentication: PAMStatus?

    /// What `pam_acct_mgmt` returned; nil if it was not reached.
    public var account: PAMStatus?

    /// The user as the stack knows them at the end; nil if it lost the name.
    public var user: String?

    /// Texts for the person that were not delivered with a prompt.
    public var messages: [PAMMessage] = []

    /// How long libpam would have slept after the failure.
    public var wantedDelay: Duration = .zero

    /// Why this side broke the conversation off; nil if it did not.
    public var interruption: PAMConversation.Interruption?

    /// Whether the stack asked for the password at all.
    ///
    /// A stack that denies without having asked has not judged the password.
    public var askedPassword = false

    /// Begins with nothing decided.
    public init() {}

    mutating func conclude(_ conversation: PAMConversation) {
        messages = conversation.pendingMessages
        wantedDelay = conversation.wantedDelay
        askedPassword = conversation.askedPassword
        interruption = conversation.interruption
    }
}
