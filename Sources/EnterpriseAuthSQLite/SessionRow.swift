internal import EnterpriseAuth
internal import Foundation
internal import GRDB

/// Sessions as rows.
enum SessionRow {
    /// What the sources show of a person: one JSON text.
    private struct Person: Codable {
        var identity: Identity
        var groups: [String]
        var isActive: Bool
    }

    /// What was true when the password was given: one JSON text.
    private struct Facts: Codable {
        var kind: SessionClient.Kind
        var address: String?
        var userAgent: String?
        var passwordVersion: String?
    }

    static func fetchOne(_ database: Database, tokenHash: SessionTokenHash) throws -> Session? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM session WHERE token_hash = ?")
        return try Row.fetchOne(statement, arguments: [Data(tokenHash.bytes)]).map(session)
    }

    static func fetch(
        _ database: Database,
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) throws -> [Session] {
        try rows(database, of: "session", selection, after: after, limit: limit).map(session)
    }

    /// The rows that a selection means, of a table that knows id, person and login name.
    static func rows(
        _ database: Database,
        of table: String,
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) throws -> [Row] {
        let start = Data(after?.bytes ?? [])
        func fetch(_ condition: String, _ arguments: StatementArguments) throws -> [Row] {
            let sql = "SELECT * FROM \(table) WHERE \(condition) ORDER BY id LIMIT ?"
            return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments + [limit])
        }
        switch selection {
        case .all:
            return try fetch("id > ?", [start])
        case .user(let id):
            return try fetch("user_id = ? AND id > ?", [Data(id.rawValue.utf8), start])
        case .loginName(let name):
            return try fetch("login_name = ? AND id > ?", [Data(name.utf8), start])
        case .ids(let ids):
            let statement = try database.cachedStatement(sql: "SELECT * FROM \(table) WHERE id = ?")
            var found: [Row] = []
            for id in Set(ids).sorted() where after.map({ $0 < id }) ?? true {
                guard found.count < limit else { break }
                if let row = try Row.fetchOne(statement, arguments: [Data(id.bytes)]) { found.append(row) }
            }
            return found
        }
    }

    static func apply(_ change: SessionChange, to database: Database) throws {
        switch change {
        case .insert(let session): try insert(session, database)
        case .replaceToken(let session): try replaceToken(session, database)
        case .touch(let touches):
            let sql = "UPDATE session SET last_seen_at = ?, last_verdict_at = ? WHERE id = ?"
            for touch in touches {
                let times = [touch.lastSeenAt.milliseconds, touch.lastVerdictAt.milliseconds]
                try run(database, sql, [times[0], times[1], Data(touch.id.bytes)])
            }
        case .setData(let id, let data):
            try run(database, "UPDATE session SET data = ? WHERE id = ?", [try text(of: data), Data(id.bytes)])
        case .setFlags(let id, let flags):
            try run(database, "UPDATE session SET flags = ? WHERE id = ?", [flags.rawValue, Data(id.bytes)])
        case .setPerson(let identity, let groups, let isActive, let lastVerdictAt):
            let person = Person(identity: identity, groups: groups, isActive: isActive)
            try run(
                database,
                "UPDATE session SET login_name = ?, person = ?, last_verdict_at = ? WHERE user_id = ?",
                [
                    Data(identity.loginName.utf8), try json(person), lastVerdictAt.milliseconds,
                    Data(identity.userID.rawValue.utf8),
                ]
            )
            try RememberRow.setIdentity(identity, database)
        case .end(let ids):
            for id in ids { try run(database, endStatement, [Data(id.bytes)]) }
        case .insertSeries(let series): try RememberRow.insert(series, database)
        case .updateSeries(let series): try RememberRow.update(series, database)
        case .endSeries(let ids):
            for id in ids { try RememberRow.end(id, database) }
        case .endAll:
            try run(database, "DELETE FROM session", [])
            try run(database, "DELETE FROM remember", [])
        }
    }

    /// Removes a session and what hangs on it; a child is the same person's, which the index by person finds.
    private static let endStatement = """
        WITH RECURSIVE ended (id, user_id) AS (
            SELECT id, user_id FROM session WHERE id = ?
            UNION
            SELECT child.id, child.user_id FROM ended
                JOIN session AS child ON child.user_id = ended.user_id AND child.parent = ended.id
        )
        DELETE FROM session WHERE id IN (SELECT id FROM ended)
        """

    static func sweep(_ database: Database, now: Timestamp, idleSince: Timestamp) throws -> Int {
        try run(database, "DELETE FROM session WHERE expires_at <= ?", [now.milliseconds])
        let expired = database.changesCount
        try run(database, "DELETE FROM session WHERE last_seen_at <= ?", [idleSince.milliseconds])
        let idle = database.changesCount
        try run(
            database,
            "DELETE FROM session WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM session)",
            []
        )
        let orphaned = database.changesCount
        try RememberRow.sweep(database, now: now)
        return expired + idle + orphaned
    }

    private static func insert(_ session: Session, _ database: Database) throws {
        let person = Person(identity: session.identity, groups: session.groups, isActive: session.isActive)
        try run(
            database,
            """
            INSERT INTO session (id, token_hash, user_id, login_name, person, facts, created_at, authenticated_at, \
            last_seen_at, expires_at, last_verdict_at, flags, data, parent, series) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                Data(session.id.bytes), Data(session.tokenHash.bytes), Data(session.identity.userID.rawValue.utf8),
                Data(session.identity.loginName.utf8), try json(person), try facts(session),
                session.createdAt.milliseconds, session.authenticatedAt?.milliseconds,
                session.lastSeenAt.milliseconds, session.expiresAt.milliseconds, session.lastVerdictAt.milliseconds,
                session.flags.rawValue, try text(of: session.data), session.parent.map { Data($0.bytes) },
                session.series.map { Data($0.bytes) },
            ]
        )
    }

    private static func replaceToken(_ session: Session, _ database: Database) throws {
        try run(
            database,
            "UPDATE session SET token_hash = ?, facts = ?, authenticated_at = ?, flags = ? WHERE id = ?",
            [
                Data(session.tokenHash.bytes), try facts(session), session.authenticatedAt?.milliseconds,
                session.flags.rawValue, Data(session.id.bytes),
            ]
        )
    }

    static func run(_ database: Database, _ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    private static func session(_ row: Row) throws -> Session {
        let person = try JSONDecoder().decode(Person.self, from: Data((row["person"] as String).utf8))
        let (client, passwordVersion) = try facts(row)
        let data = try (row["data"] as String?).map { try JSONDecoder().decode(SessionData.self, from: Data($0.utf8)) }
        guard let id = SessionID(bytes: row["id"] as Data),
            let tokenHash = SessionTokenHash(bytes: row["token_hash"] as Data)
        else { throw SessionStoreError(step: "read", detail: "a session's id or token hash is damaged") }
        return Session(
            id: id,
            tokenHash: tokenHash,
            identity: person.identity,
            groups: person.groups,
            isActive: person.isActive,
            createdAt: Timestamp(milliseconds: row["created_at"]),
            authenticatedAt: (row["authenticated_at"] as Int64?).map(Timestamp.init(milliseconds:)),
            lastSeenAt: Timestamp(milliseconds: row["last_seen_at"]),
            expiresAt: Timestamp(milliseconds: row["expires_at"]),
            lastVerdictAt: Timestamp(milliseconds: row["last_verdict_at"]),
            passwordVersion: passwordVersion,
            client: client,
            flags: SessionFlags(rawValue: row["flags"]),
            data: data ?? SessionData(),
            parent: (row["parent"] as Data?).flatMap { SessionID(bytes: $0) },
            series: (row["series"] as Data?).flatMap { SessionID(bytes: $0) }
        )
    }

    private static func facts(_ session: Session) throws -> String {
        try facts(session.client, passwordVersion: session.passwordVersion)
    }

    static func facts(_ client: SessionClient, passwordVersion: String?) throws -> String {
        try json(
            Facts(
                kind: client.kind,
                address: client.address,
                userAgent: client.userAgent,
                passwordVersion: passwordVersion
            )
        )
    }

    static func facts(_ row: Row) throws -> (client: SessionClient, passwordVersion: String?) {
        let facts = try JSONDecoder().decode(Facts.self, from: Data((row["facts"] as String).utf8))
        let client = SessionClient(kind: facts.kind, address: facts.address, userAgent: facts.userAgent)
        return (client, facts.passwordVersion)
    }

    private static func text(of data: SessionData) throws -> String? {
        data.isEmpty ? nil : try json(data)
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
