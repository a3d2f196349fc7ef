internal import EnterpriseAuth
internal import HostSystem

/// What is kept in a file between two commands.
protocol KeptToken {
    init?(_ text: SecretBytes)
    var secretText: SecretBytes { get }
}

extension SessionToken: KeptToken {}
extension RememberToken: KeptToken {}

/// Where a token of `login` is kept for the commands that follow: a file in `$XDG_STATE_HOME/ent-login`.
struct TokenFile<Token: KeptToken> {
    let path: String
    private let folder: String

    /// Finds the place.
    /// - Parameter name: The file's name.
    /// - Throws: `Stop` if there is no home to put it in.
    init(_ name: String) throws {
        // A relative path is to be ignored (XDG Base Directory Specification).
        let state = HostEnvironment.text("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = HostEnvironment.text("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let base = state ?? home.map({ "\($0)/.local/state" }) else {
            throw Stop.misconfigured("There is no place to keep a session: set HOME or XDG_STATE_HOME.")
        }
        folder = "\(base)/ent-login"
        path = "\(folder)/\(name)"
    }

    /// Reads the kept token.
    /// - Returns: The token, or nil if there is none, or nothing that can be one.
    /// - Throws: `Stop` if the file cannot be read, or is not this user's alone.
    func read() throws -> Token? {
        let found: (secret: SecretBytes, facts: FileFacts)?
        do throws(HostError) {
            // A link is not followed: what is said about its target would be bad advice.
            let isOrdinary = try HostFile.facts(of: path, followLinks: false).isRegular
            found = isOrdinary ? try HostFile.readSecret(path, limit: 4096) : nil
        } catch {
            if error.isNotFound { return nil }
            if case .tooLarge = error.reason { return nil }
            throw Stop.misconfigured("The kept session cannot be read: \(error)")
        }
        guard let found else { throw Stop.misconfigured("\(path) is no ordinary file: remove it.") }
        try check(found.facts)
        return Token(found.secret.withoutTrailingNewline())
    }

    /// Makes the folder of the token, so that nobody logs in for nothing.
    /// - Throws: `Stop` if it cannot be made.
    func makeRoom() throws {
        do throws(HostError) {
            try HostFile.makeDirectory(folder, mode: 0o700, intermediates: true)
        } catch {
            throw Stop.misconfigured("There is no place to keep a session: \(error)")
        }
    }

    /// Keeps a token, in the place of the one before.
    /// - Parameter token: The token.
    /// - Throws: `Stop` if it cannot be kept.
    func keep(_ token: Token) throws {
        // The person may have taken long to type.
        try makeRoom()
        do throws(HostError) {
            try HostFile.writeAtomically(token.secretText.withTrailingNewline(), to: path, mode: 0o600)
        } catch {
            throw Stop.misconfigured("The session cannot be kept: \(error)")
        }
    }

    /// Forgets the token.
    /// - Throws: `Stop` if the file cannot be removed.
    func remove() throws {
        do throws(HostError) {
            try HostFile.remove(path)
        } catch {
            throw Stop.misconfigured("The kept token cannot be removed: \(error)")
        }
    }

    /// A token that others may read is not a secret, and one that others wrote is not ours.
    private func check(_ facts: FileFacts) throws {
        guard facts.ownerID == HostEnvironment.effectiveUserID else {
            throw Stop.misconfigured("\(path) belongs to user \(facts.ownerID): remove it.")
        }
        guard facts.mode & 0o077 == 0 else {
            throw Stop.misconfigured("Others may use \(path): run chmod 600 on it, and log in again.")
        }
    }
}
