public import HostSystem

/// A whole question to a PAM stack, from `pam_start` to `pam_end`, on the calling thread.
public enum PAMCheck {
    /// Asks whether a password is right and whether the account may be used now.
    ///
    /// The account is always asked after a right password: expired and denied accounts show only there.
    ///
    /// - Parameters:
    ///   - request: Whom to ask about.
    ///   - password: The answer to the first prompt without echo.
    ///   - handler: Answers every further prompt.
    /// - Returns: What the stack decided and said.
    /// - Throws: ``PAMError`` if the question could not be asked.
    public static func password(
        _ request: PAMRequest,
        password: SecretBytes,
        handler: @escaping PAMConversation.Handler
    ) throws(PAMError) -> PAMCheckResult {
        let conversation = try PAMConversation(password: password, handler: handler)
        var transaction = try PAMTransaction(request, conversation: conversation)
        var result = PAMCheckResult()
        let status = transaction.authenticate()
        result.authentication = status
        result.user = transaction.user
        // What asks later asks for something else: a code, a new password.
        conversation.forgetPassword()
        // A module that asks for a new password has found the old one right; whether the account may be used at all
        // is another question.
        if conversation.interruption == nil, status == .success || status == .newPasswordRequired {
            result.account = transaction.checkAccount()
            result.user = transaction.user
        }
        result.conclude(conversation)
        return result
    }

    /// Asks, without a password, whether an account may be used now.
    /// - Parameter request: Whom to ask about.
    /// - Returns: What the stack decided; `authentication` is nil.
    /// - Throws: ``PAMError`` if the question could not be asked.
    public static func account(_ request: PAMRequest) throws(PAMError) -> PAMCheckResult {
        let conversation = try PAMConversation(password: nil) { _, _ in nil }
        var transaction = try PAMTransaction(request, conversation: conversation)
        var result = PAMCheckResult()
        result.account = transaction.checkAccount(silent: true)
        result.user = transaction.user
        result.conclude(conversation)
        return result
    }
}
