internal import PAMClient

/// What a finished transaction brought to light.
struct PAMFinding: Sendable {
    /// The user name as it was typed.
    let typedName: String

    /// What the stack decided and said.
    let result: PAMCheckResult

    /// What the user database says of the name as it was typed.
    let typed: PAMPerson

    /// What the user database says of the name the stack ended with.
    let final: PAMPerson
}
