internal import EnterpriseAuth
internal import Foundation
internal import GRDB

/// Remembered logins as rows.
enum RememberRow {
    static func fetchOne(_ database: Database, hash: SessionTokenHash) throws -> RememberSeries? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM remember WHERE series_hash = ?")
        return try Row.fetchOne(statement, arguments: [Data(hash.bytes)]).map(series)
    }

    static func fetch(
        _ database: Database,
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) throws -> [RememberSeries] {
        try SessionRow.rows(database, of: "remember", selection, after: after, limit: limit).map(series)
    }

    static func insert(_ series: RememberSeries, _ database: Database) throws {
        try SessionRow.run(
            database,
            """
            INSERT INTO remember (id, series_hash, token_hash, previous_hash, previous_salt, previous_until, user_id, \
            login_name, identity, facts, created_at, used_at, expires_at) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [Data(series.id.bytes), Data(series.seriesHash.bytes), Data(series.tokenHash.bytes)]
                + previous(series) + [
                    Data(series.identity.userID.rawValue.utf8), Data(series.identity.loginName.utf8),
                    try SessionRow.json(series.identity), try facts(series), series.createdAt.milliseconds,
                    series.usedAt.milliseconds, series.expiresAt.milliseconds,
                ]
        )
    }

    static func update(_ series: RememberSeries, _ database: Database) throws {
        try SessionRow.run(
            database,
            """
            UPDATE remember SET token_hash = ?, previous_hash = ?, previous_salt = ?, previous_until = ?, facts = ?, \
            used_at = ?, expires_at = ? WHERE id = ?
            """,
            [Data(series.tokenHash.bytes)] + previous(series) + [
                try facts(series), series.usedAt.milliseconds, series.expiresAt.milliseconds, Data(series.id.bytes),
            ]
        )
    }

    static func setIdentity(_ identity: Identity, _ database: Database) throws {
        try SessionRow.run(
            database,
            "UPDATE remember SET login_name = ?, identity = ? WHERE user_id = ?",
            [
                Data(identity.loginName.utf8), try SessionRow.json(identity), Data(identity.userID.rawValue.utf8),
            ]
        )
    }

    /// Removes a remembered login, the sessions that came from it, and what hangs on these.
    static func end(_ id: SessionID, _ database: Database) throws {
        try SessionRow.run(database, endSessions, [Data(id.bytes)])
        try SessionRow.run(database, "DELETE FROM remember WHERE id = ?", [Data(id.bytes)])
    }

    private static let endSessions = """
        WITH RECURSIVE ended (id, user_id) AS (
            SELECT session.id, session.user_id FROM remember
                JOIN session ON session.user_id = remember.user_id AND session.series = remember.id
                WHERE remember.id = ?
            UNION
            SELECT child.id, child.user_id FROM ended
                JOIN session AS child ON child.user_id = ended.user_id AND child.parent = ended.id
        )
        DELETE FROM session WHERE id IN (SELECT id FROM ended)
        """

    static func sweep(_ database: Database, now: Timestamp) throws {
        try SessionRow.run(database, "DELETE FROM remember WHERE expires_at <= ?", [now.milliseconds])
        try SessionRow.run(
            database,
            """
            UPDATE remember SET previous_hash = NULL, previous_salt = NULL, previous_until = NULL \
            WHERE previous_until <= ?
            """,
            [now.milliseconds]
        )
    }

    private static func series(_ row: Row) throws -> RememberSeries {
        guard let id = SessionID(bytes: row["id"] as Data),
            let seriesHash = SessionTokenHash(bytes: row["series_hash"] as Data),
            let tokenHash = SessionTokenHash(bytes: row["token_hash"] as Data)
        else { throw SessionStoreError(step: "read", detail: "a remembered login's id or hash is damaged") }
        let (client, passwordVersion) = try SessionRow.facts(row)
        return RememberSeries(
            id: id,
            seriesHash: seriesHash,
            tokenHash: tokenHash,
            previous: previous(row),
            identity: try JSONDecoder().decode(Identity.self, from: Data((row["identity"] as String).utf8)),
            createdAt: Timestamp(milliseconds: row["created_at"]),
            usedAt: Timestamp(milliseconds: row["used_at"]),
            expiresAt: Timestamp(milliseconds: row["expires_at"]),
            passwordVersion: passwordVersion,
            client: client
        )
    }

    private static func previous(_ row: Row) -> RememberSeries.Previous? {
        guard let bytes = row["previous_hash"] as Data?, let hash = SessionTokenHash(bytes: bytes),
            let salt = row["previous_salt"] as Data?, let until = row["previous_until"] as Int64?
        else { return nil }
        return RememberSeries.Previous(tokenHash: hash, salt: Array(salt), until: Timestamp(milliseconds: until))
    }

    private static func previous(_ series: RememberSeries) -> StatementArguments {
        let previous = series.previous
        return [
            previous.map { Data($0.tokenHash.bytes) }, previous.map { Data($0.salt) }, previous?.until.milliseconds,
        ]
    }

    private static func facts(_ series: RememberSeries) throws -> String {
        try SessionRow.facts(series.client, passwordVersion: series.passwordVersion)
    }
}
