public import EnterpriseAuth

/// Makes sessions for tests of stores.
public enum SampleSessions {
    /// A time that is as good as any.
    public static let start = Timestamp(milliseconds: 1_772_355_600_000)

    /// A person.
    /// - Parameters:
    ///   - name: The login name.
    ///   - directory: The directory that the person comes from.
    /// - Returns: The identity.
    public static func identity(_ name: String, directory: String = "corp") -> Identity {
        Identity(
            userID: UserID(source: directory, value: "id-of-\(name)"),
            loginName: name,
            provider: directory,
            source: .directory(name: directory, dn: "uid=\(name),ou=people,dc=example,dc=org"),
            displayName: "Person \(name) \u{0}\u{1F600}",
            email: "\(name)@example.org",
            passwordVersion: "20260301090000Z"
        )
    }

    /// A session with something in every field.
    /// - Parameters:
    ///   - name: Whose.
    ///   - directory: The directory that the person comes from.
    ///   - seen: When it was last used.
    ///   - expires: When it ends at the latest.
    ///   - parent: The session that it hangs on.
    ///   - series: The remembered login that it came from.
    /// - Returns: A session with an id and a token hash of its own.
    /// - Throws: Nothing that a test could do something about.
    public static func session(
        of name: String = "alice",
        directory: String = "corp",
        seen: Timestamp = start,
        expires: Timestamp = start.adding(.seconds(3600)),
        parent: SessionID? = nil,
        series: SessionID? = nil
    ) throws -> Session {
        var data = SessionData()
        try data.set("/wiki/\u{e9}", for: "next")
        return Session(
            id: try id(),
            tokenHash: try hash(),
            identity: identity(name, directory: directory),
            groups: ["employees", "group, with = everything"],
            createdAt: start,
            authenticatedAt: start,
            lastSeenAt: seen,
            expiresAt: expires,
            lastVerdictAt: start.adding(.milliseconds(-7)),
            passwordVersion: "20260301090000Z",
            client: SessionClient(address: "2001:db8::7", userAgent: "Browser/1.0 \u{1F600}"),
            data: data,
            parent: parent,
            series: series
        )
    }

    /// A remembered login with something in every field.
    /// - Parameters:
    ///   - name: Whose.
    ///   - directory: The directory that the person comes from.
    ///   - expires: When it ends.
    ///   - previousUntil: For how long its previous token counts; nil if there is none.
    /// - Returns: A remembered login with an id and hashes of its own.
    /// - Throws: Nothing that a test could do something about.
    public static func series(
        of name: String = "alice",
        directory: String = "corp",
        expires: Timestamp = start.adding(.seconds(86_400)),
        previousUntil: Timestamp? = start.adding(.seconds(60))
    ) throws -> RememberSeries {
        let previous = try previousUntil.map { until in
            RememberSeries.Previous(tokenHash: try hash(), salt: random(32), until: until)
        }
        return RememberSeries(
            id: try id(),
            seriesHash: try hash(),
            tokenHash: try hash(),
            previous: previous,
            identity: identity(name, directory: directory),
            createdAt: start,
            usedAt: start.adding(.seconds(7)),
            expiresAt: expires,
            passwordVersion: "20260301090000Z",
            client: SessionClient(address: "2001:db8::7", userAgent: "Browser/1.0 \u{1F600}")
        )
    }

    /// An id that no other session has.
    /// - Returns: The id.
    /// - Throws: Nothing that a test could do something about.
    public static func id() throws -> SessionID {
        guard let id = SessionID(bytes: random(SessionID.byteCount)) else { throw ConformanceFailure("no id") }
        return id
    }

    /// A token hash that no other session has.
    /// - Returns: The hash.
    /// - Throws: Nothing that a test could do something about.
    public static func hash() throws -> SessionTokenHash {
        guard let hash = SessionTokenHash(bytes: random(SessionTokenHash.byteCount)) else {
            throw ConformanceFailure("no hash")
        }
        return hash
    }

    private static func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0 ... .max) }
    }
}
