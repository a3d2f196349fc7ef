internal import LDAPClient

extension Directory {
    /// Asks for the base of people as the service account, on whichever server answers.
    /// - Parameter deadline: When to give up.
    /// - Returns: Why the directory is of no use now, or nil if it is.
    public nonisolated(nonsending) func start(deadline: ContinuousClock.Instant) async -> StartFailure? {
        do throws(Outage) {
            try await checkBase(schema.userBase, key: "users.base", deadline: deadline)
            return nil
        } catch {
            return StartFailure(part: "directories.\(name)", outage: error)
        }
    }

    private nonisolated(nonsending) func checkBase(
        _ base: String,
        key: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) {
        let request = LDAPSearchRequest(base: base, scope: .base, attributes: ["1.1"])
        let (result, server) = try await search(request, step: key, deadline: deadline)
        guard !result.entries.isEmpty else {
            let detail = "\(key) “\(base)” does not exist, or \(account.name) may not see it"
            throw Outage(
                .misconfigured,
                source: name,
                server: server.url,
                step: key,
                code: Int(result.code.rawValue),
                detail: detail
            )
        }
    }
}

extension Directory {
    /// The servers by their URLs, and whether each is taken to answer; nobody is asked for this.
    public var serversUp: [String: Bool] {
        Dictionary(servers.map { ($0.url, $0.isUp) }) { first, _ in first }
    }
}
