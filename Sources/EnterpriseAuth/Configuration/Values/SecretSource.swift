public import HostSystem

/// Where a secret comes from; the secret itself is never in the configuration.
///
/// A secret in an environment variable stays in this process: the children that the program starts get an environment
/// of their own, without it. It can be read in `/proc` by the same user and by root, which a file of mode 0600 can too.
public enum SecretSource: Sendable, Hashable {
    /// `{ file = PATH }`: a file that only its owner may read.
    case file(String)
    /// `{ env = NAME }`: an environment variable of this process.
    case environment(String)
    /// `{ credential = NAME }`: a systemd credential (systemd.exec(5), `LoadCredential=`).
    case credential(String)

    /// The most bytes that a secret may have.
    public static let maximumSize = 65_536

    /// Fetches the secret.
    ///
    /// One line end behind it is taken away. A file must belong to root or to the user of this process, and nobody else
    /// may read it; the group may, if the file belongs to root and the group cannot write. Reading blocks for as long
    /// as the file system takes.
    /// - Returns: The secret; never empty, and without NUL.
    /// - Throws: ``SecretError``, which says what is wrong with the source and nothing about the secret.
    public func read() throws(SecretError) -> SecretBytes {
        let secret: SecretBytes
        switch self {
        case .file(let path):
            secret = try read(path, isCredential: false)
        case .environment(let name):
            guard let value = HostEnvironment.secret(name) else {
                throw SecretError(self, "the environment has no such variable")
            }
            secret = value
        case .credential(let name):
            guard let directory = SecretSource.credentialsDirectory else {
                throw SecretError(self, "$CREDENTIALS_DIRECTORY is not set; systemd sets it with LoadCredential=")
            }
            secret = try read("\(directory)/\(name)", isCredential: true)
        }
        let trimmed = secret.withoutTrailingNewline()
        guard !trimmed.isEmpty else { throw SecretError(self, "it is empty") }
        guard !trimmed.contains(0) else { throw SecretError(self, "it has a NUL byte; is it UTF-16?") }
        return trimmed
    }

    /// The directory of systemd's credentials, if this process has one.
    static var credentialsDirectory: String? {
        HostEnvironment.text("CREDENTIALS_DIRECTORY").flatMap { $0.hasPrefix("/") ? $0 : nil }
    }

    /// What is wrong with a file's owner or mode, if anything.
    /// - Parameters:
    ///   - facts: The file's owner and mode.
    ///   - user: Who runs the program. Root may read anybody's file.
    /// - Returns: What is wrong, or nil.
    static func fault(of facts: FileFacts, user: UInt32) -> String? {
        let mode = "mode 0\(String(facts.mode & 0o777, radix: 8))"
        if user != 0, facts.ownerID != 0, facts.ownerID != user {
            return "it belongs to user \(facts.ownerID), neither to root nor to the one who runs this"
        }
        if facts.mode & 0o007 != 0 { return "everybody may use it (\(mode))" }
        if facts.mode & 0o030 != 0 { return "its group may change it (\(mode))" }
        if facts.mode & 0o040 != 0, facts.ownerID != 0 { return "its group may read it (\(mode))" }
        return nil
    }

    private func read(_ path: String, isCredential: Bool) throws(SecretError) -> SecretBytes {
        do throws(HostError) {
            let (secret, facts) = try HostFile.readSecret(path, limit: SecretSource.maximumSize)
            // systemd protects its directory itself, and its files belong to root or the service's user.
            let user = HostEnvironment.effectiveUserID
            guard isCredential || SecretSource.fault(of: facts, user: user) == nil else {
                throw HostError(.invalid(SecretSource.fault(of: facts, user: user) ?? ""), call: "open", subject: path)
            }
            return secret
        } catch {
            throw SecretError(self, "\(error.reason)")
        }
    }
}

extension SecretSource: CustomStringConvertible {
    /// The source, as messages show it.
    public var description: String {
        switch self {
        case .file(let path): "file \(path)"
        case .environment(let name): "environment variable \(name)"
        case .credential(let name): "credential \(name)"
        }
    }
}
