/// Where a secret comes from; the secret itself is never in the configuration.
public enum SecretSource: Sendable, Hashable {
    /// `{ file = PATH }`: a file that only its owner may read.
    case file(String)
    /// `{ env = NAME }`: an environment variable of this process.
    case environment(String)
    /// `{ credential = NAME }`: a systemd credential (systemd.exec(5), `LoadCredential=`).
    case credential(String)
}
