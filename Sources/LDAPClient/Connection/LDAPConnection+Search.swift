internal import CLDAPShim

extension LDAPConnection {
    /// Searches.
    ///
    /// A search that asks for pages should be the only such on its connection: servers may keep one place in one list
    /// for each connection, and then two of them spoil each other's.
    ///
    /// - Parameters:
    ///   - request: Where and for what.
    ///   - deadline: When to give up; the search is then abandoned.
    /// - Returns: What the server answered, refusals included. References to other servers are counted, never followed.
    /// - Throws: ``LDAPError`` if there is no answer.
    public nonisolated(nonsending) func search(
        _ request: LDAPSearchRequest,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult {
        var allowance = SearchAllowance(request)
        var entries: [LDAPEntry] = []
        var referralCount = 0
        var cookie: [UInt8] = []
        while true {
            let answer = try await page(of: request, from: cookie, allowance, deadline)
            entries += answer.entries
            referralCount += answer.referralCount
            cookie = answer.pageCookie ?? []
            // The server's own limit ends a paged search only when the whole is more than it allows.
            guard answer.code == .success, !cookie.isEmpty, request.pageSize != nil else {
                return LDAPSearchResult(
                    entries: entries,
                    referralCount: referralCount,
                    code: answer.code,
                    diagnostic: answer.diagnostic
                )
            }
            allowance.take(answer)
        }
    }

    /// Searches, if the whole result comes on one page.
    /// - Returns: What the server answered; nil if there are more pages.
    nonisolated(nonsending) func searchOnePage(
        _ request: LDAPSearchRequest,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult? {
        let answer = try await page(of: request, from: [], SearchAllowance(request), deadline)
        guard answer.code != .success || answer.pageCookie?.isEmpty ?? true else { return nil }
        return LDAPSearchResult(
            entries: answer.entries,
            referralCount: answer.referralCount,
            code: answer.code,
            diagnostic: answer.diagnostic
        )
    }

    private nonisolated(nonsending) func page(
        of request: LDAPSearchRequest,
        from cookie: [UInt8],
        _ allowance: SearchAllowance,
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> OperationAnswer {
        guard !ASCII.holdsNUL(request.base), !request.attributes.contains(where: ASCII.holdsNUL) else {
            throw error(.invalidRequest, .search, .parameterError, "the base or an attribute holds a NUL byte")
        }
        return try await perform(.search, deadline, allowance: allowance) { handle throws(LDAPHandle.Failure) in
            try handle.search(request, seconds: request.seconds(until: deadline), cookie: cookie)
        }
    }

    /// Reads the entry in which a server describes itself, operational attributes included.
    ///
    /// Before TLS anybody can have written what it says; nothing that matters may be decided by it then.
    ///
    /// - Parameter deadline: When to give up.
    /// - Returns: The entry; nil if the server hides it.
    /// - Throws: ``LDAPError`` if there is no answer.
    public nonisolated(nonsending) func readRootDSE(deadline: ContinuousClock.Instant) async throws(LDAPError)
        -> LDAPEntry?
    {
        let request = LDAPSearchRequest(base: "", scope: .base, attributes: ["*", "+"])
        return try await search(request, deadline: deadline).entries.first
    }

    /// Asks the server who we are (RFC 4532).
    ///
    /// - Parameter deadline: When to give up.
    /// - Returns: The authorisation identity, for example `dn:uid=alice,…`, empty for nobody; nil if the server does not
    ///   say (Samba does not).
    /// - Throws: ``LDAPError`` if there is no answer.
    public nonisolated(nonsending) func whoAmI(deadline: ContinuousClock.Instant) async throws(LDAPError) -> String? {
        let answer = try await perform(.extended, deadline) { handle throws(LDAPHandle.Failure) in
            try handle.extended(LDAP_EXOP_WHO_AM_I)
        }
        guard answer.code == .success else { return nil }
        return String(validating: answer.value ?? [], as: UTF8.self)
    }
}

extension LDAPSearchRequest {
    /// The server's time limit: as asked, or until the deadline, in whole seconds and at least one.
    func seconds(until deadline: ContinuousClock.Instant) -> Int {
        if timeLimitSeconds > 0 { return Int(timeLimitSeconds) }
        let (seconds, attoseconds) = (deadline - .now).components
        return Int(min(max(seconds + (attoseconds > 0 ? 1 : 0), 1), 86_400))
    }
}
