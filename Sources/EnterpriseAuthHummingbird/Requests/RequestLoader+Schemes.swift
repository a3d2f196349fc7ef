public import EnterpriseAuth
internal import HTTPTypes

extension RequestLoader {
    /// A loader for `Authorization: Bearer` (RFC 6750 section 2.1).
    /// - Parameters:
    ///   - precedence: When it is asked.
    ///   - find: Tells whose a token is; nil is nobody's. What it throws is an outage.
    /// - Returns: The loader.
    public static func bearer(
        precedence: Precedence = .afterSession,
        _ find: @escaping @Sendable (_ token: String, SessionClient) async throws -> (any User)?
    ) -> RequestLoader {
        RequestLoader(precedence: precedence, challenge: "Bearer") { request, client in
            guard let token = AuthorizationHeader.credentials("Bearer", in: request.headerFields) else {
                return .nothing
            }
            return try await find(token, client).map { .user($0) } ?? .refused
        }
    }

    /// A loader for `Authorization: Basic` (RFC 7617): the manager checks the password with every request.
    ///
    /// Refusals take as long and are recorded as those of a login. Such requests cost the directory a bind each; give
    /// clients that come often a token of their own.
    /// - Parameters:
    ///   - manager: Who checks.
    ///   - precedence: When it is asked.
    ///   - realm: What browsers show when they ask for the password; printable ASCII without quotes.
    /// - Returns: The loader.
    public static func basic(
        _ manager: LoginManager,
        precedence: Precedence = .afterSession,
        realm: String = "login"
    ) -> RequestLoader {
        let isPlain = realm.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
        precondition(isPlain, "the realm has characters that need quoting")
        let challenge = "Basic realm=\"\(realm)\", charset=\"UTF-8\""
        return RequestLoader(precedence: precedence, challenge: challenge) { request, client in
            guard let text = AuthorizationHeader.credentials("Basic", in: request.headerFields) else { return .nothing }
            guard let (name, password) = AuthorizationHeader.nameAndPassword(text) else { return .refused }
            do throws(CredentialsProblem) {
                let address = client.address
                let credentials = try Credentials(usernameBytes: name, password: password, remoteAddress: address)
                switch await manager.verify(credentials, client: client) {
                case .verified(let user): return .user(user)
                case .refused: return .refused
                case .unavailable(let outage): return .unavailable(outage)
                }
            } catch {
                _ = await manager.refuse(error, client: client)
                return .refused
            }
        }
    }

    /// A loader that asks others in turn, until one recognizes credentials.
    /// - Parameters:
    ///   - loaders: Whom it asks; their own precedence does not count.
    ///   - precedence: When it is asked.
    /// - Returns: The loader; it challenges for all of them.
    public static func first(of loaders: [RequestLoader], precedence: Precedence = .afterSession) -> RequestLoader {
        let challenges = loaders.compactMap(\.challenge)
        let challenge = challenges.isEmpty ? nil : challenges.joined(separator: ", ")
        return RequestLoader(precedence: precedence, challenge: challenge) { request, client in
            for loader in loaders {
                let load = await loader.ask(request, client)
                if case .nothing = load { continue }
                return load
            }
            return .nothing
        }
    }
}
