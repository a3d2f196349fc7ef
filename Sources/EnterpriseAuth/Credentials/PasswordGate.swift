/// Stands between a person whom a provider has found and the password that it is about to show to a source.
///
/// People have one name as they type it and often another, or the same in another spelling, as the source has it; only
/// the provider learns the latter, and guesses are counted for both. It is also the gate that knows whether a password
/// was shown to anybody at all.
public struct PasswordGate: Sendable {
    private let progress: CheckProgress?

    /// Makes a gate that lets everybody pass and counts nothing, for checks outside of a login.
    public init() {
        progress = nil
    }

    init(_ progress: CheckProgress) {
        self.progress = progress
    }

    /// Asks whether the password may be shown now to the source, for the person found; the moment before it is.
    /// - Parameter loginName: The login name as the source spells it.
    /// - Returns: Nil if so; otherwise what the provider answers without showing it.
    public func pass(as loginName: String) async -> CredentialOutcome? {
        guard let progress else { return nil }
        if let outcome = await progress.admit(loginName) { return outcome }
        progress.noteHandedOut()
        return nil
    }

    /// Notes that the password is shown now to a source that does not say beforehand whom it has found.
    public func pass() {
        progress?.noteHandedOut()
    }
}
