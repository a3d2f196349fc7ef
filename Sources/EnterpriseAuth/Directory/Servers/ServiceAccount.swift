public import HostSystem
internal import LDAPClient
internal import Synchronization

/// Reads a secret from where the configuration says that it is; asked at the start and whenever a server refuses it.
///
/// It is called on the thread that reads all directories' answers, so it must not wait in a system call: a file is read on
/// a thread of its own.
public typealias SecretReader = @Sendable (SecretSource) async throws -> SecretBytes

/// Who the program itself is to one directory; the password is read anew when a server has refused it.
final class ServiceAccount: Sendable {
    /// What the pools of one reading are bound as.
    struct Reading: Sendable {
        /// Counts the readings that brought something new.
        let generation: Int
        /// Who to bind as.
        let identity: LDAPServiceIdentity
    }

    /// The DN for messages; `anonymous` or `SASL EXTERNAL` where there is none.
    let name: String

    private let bind: DirectoryConfiguration.Bind
    private let readSecret: SecretReader
    private let state = Mutex<(reading: Reading, secret: SecretBytes?)?>(nil)

    init(_ bind: DirectoryConfiguration.Bind, readSecret: @escaping SecretReader) {
        self.bind = bind
        self.readSecret = readSecret
        switch bind {
        case .anonymous: name = "anonymous"
        case .external: name = "SASL EXTERNAL"
        case .simple(let dn, _): name = dn.description
        }
    }

    /// Who to bind as, reading the password if nobody has yet.
    /// - Throws: What reading the secret threw.
    nonisolated(nonsending) func current() async throws -> Reading {
        if let known = state.withLock({ $0?.reading }) { return known }
        return try await reread()
    }

    /// Reads the password again without taking it over.
    /// - Returns: Who to bind as with it; nil if that is nothing new, or nobody is bound yet.
    /// - Throws: What reading the secret threw.
    nonisolated(nonsending) func candidate() async throws -> LDAPServiceIdentity? {
        let secret = try await readSecret()
        let isNew = state.withLock { $0.map { $0.secret != secret } ?? false }
        return isNew ? identity(secret) : nil
    }

    /// Reads the password again.
    /// - Returns: Who to bind as; the generation tells whether that is something new.
    /// - Throws: What reading the secret threw.
    @discardableResult
    nonisolated(nonsending) func reread() async throws -> Reading {
        let secret = try await readSecret()
        return state.withLock { state in
            if let known = state, known.secret == secret { return known.reading }
            let reading = Reading(generation: (state?.reading.generation ?? 0) + 1, identity: identity(secret))
            state = (reading, secret)
            return reading
        }
    }

    private nonisolated(nonsending) func readSecret() async throws -> SecretBytes? {
        switch bind {
        case .anonymous, .external: nil
        case .simple(_, let source): try await readSecret(source)
        }
    }

    private func identity(_ secret: SecretBytes?) -> LDAPServiceIdentity {
        switch bind {
        case .anonymous: .anonymous
        case .external: .external
        case .simple(let dn, _): .simple(name: dn.description, password: secret ?? SecretBytes([]))
        }
    }
}
