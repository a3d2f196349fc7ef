public import HostSystem

extension LDAPConnection {
    /// Binds with a name and a password.
    ///
    /// An empty name or password and one with a NUL inside are refused here, before anything is sent: with an empty
    /// password servers answer success and bind nobody (RFC 4513, section 5.1.2).
    ///
    /// - Parameters:
    ///   - name: The name, usually a DN; Active Directory takes other forms too.
    ///   - password: The password; its bytes are lent to the C library for the call and not kept by this type. The
    ///     library's own copy of the request is freed without being wiped.
    ///   - passwordPolicy: Whether to ask for the state of the password.
    ///   - deadline: When to give up; the connection is then unusable, because a bind cannot be abandoned.
    /// - Returns: What the server answered.
    /// - Throws: ``LDAPError`` if there is no answer.
    public nonisolated(nonsending) func simpleBind(
        name: String,
        password: SecretBytes,
        passwordPolicy: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPBindOutcome {
        guard !name.isEmpty, !ASCII.holdsNUL(name) else {
            throw error(.invalidRequest, .bind, .parameterError, "the name is empty or holds a NUL byte")
        }
        guard !password.isEmpty, !password.contains(0) else {
            throw error(.invalidRequest, .bind, .parameterError, "the password is empty or holds a NUL byte")
        }
        let answer = try await perform(.bind, deadline) { handle throws(LDAPHandle.Failure) in
            try unsafe password.withUnsafeBytes { bytes throws(LDAPHandle.Failure) in
                try unsafe handle.bind(
                    name: name,
                    mechanism: nil,
                    credential: bytes,
                    passwordPolicy: passwordPolicy
                )
            }
        }
        return LDAPBindOutcome(answer)
    }

    /// Binds as whoever the transport says we are: the client certificate, or the local user on `ldapi`.
    ///
    /// This is SASL EXTERNAL with an empty authorisation identity (RFC 4422, appendix A).
    ///
    /// - Parameter deadline: When to give up; the connection is then unusable.
    /// - Returns: What the server answered.
    /// - Throws: ``LDAPError`` if there is no answer.
    public nonisolated(nonsending) func bindExternal(deadline: ContinuousClock.Instant) async throws(LDAPError)
        -> LDAPBindOutcome
    {
        let answer = try await perform(.bind, deadline) { handle throws(LDAPHandle.Failure) in
            // A pointer to no bytes: an empty response is sent, where a null pointer would send none.
            var nothing: UInt8 = 0
            return try unsafe withUnsafeBytes(of: &nothing) { bytes throws(LDAPHandle.Failure) in
                try unsafe handle.bind(
                    name: "",
                    mechanism: "EXTERNAL",
                    credential: UnsafeRawBufferPointer(rebasing: bytes[..<0]),
                    passwordPolicy: false
                )
            }
        }
        return LDAPBindOutcome(answer)
    }
}

extension LDAPBindOutcome {
    init(_ answer: OperationAnswer) {
        self.init(code: answer.code, diagnostic: answer.diagnostic, passwordPolicy: answer.passwordPolicy)
    }
}
