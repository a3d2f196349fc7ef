/// A new session, and what the person should be told.
public struct LoginSuccess: Sendable {
    /// The new token, which exists nowhere else: the door hands it to the person and forgets it.
    public let token: SessionToken

    /// The session that it opens.
    public let session: Session

    /// The person, active as the sources have just said.
    public let user: any User

    /// What the source wants the person to know.
    public let notices: [CredentialNotice]

    /// What the person's browser keeps so that the login outlives it; nil if it is not remembered.
    public let rememberToken: RememberToken?
}
