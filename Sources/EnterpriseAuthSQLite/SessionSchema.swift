internal import EnterpriseAuth
internal import GRDB

/// The tables of the session database, and how an older database becomes a newer one.
///
/// Texts that are searched for are kept as bytes, so that SQLite compares them byte by byte; times are milliseconds.
enum SessionSchema {
    static func migrate(_ pool: DatabasePool, _ path: String) throws {
        let migrator = migrator
        guard try !pool.read(migrator.hasBeenSuperseded) else { throw SQLiteStoreOpenError.newerVersion(path: path) }
        try migrator.migrate(pool)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("sessions-1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE session (
                        id BLOB NOT NULL PRIMARY KEY,
                        token_hash BLOB NOT NULL UNIQUE,
                        user_id BLOB NOT NULL,
                        login_name BLOB NOT NULL,
                        person TEXT NOT NULL,
                        facts TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        authenticated_at INTEGER,
                        last_seen_at INTEGER NOT NULL,
                        expires_at INTEGER NOT NULL,
                        last_verdict_at INTEGER NOT NULL,
                        flags INTEGER NOT NULL,
                        data TEXT,
                        parent BLOB
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX session_by_user ON session (user_id);
                    CREATE INDEX session_by_login_name ON session (login_name);
                    CREATE INDEX session_by_end ON session (expires_at);
                    CREATE INDEX session_by_use ON session (last_seen_at);
                    """
            )
        }
        migrator.registerMigration("remember-1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE remember (
                        id BLOB NOT NULL PRIMARY KEY,
                        series_hash BLOB NOT NULL UNIQUE,
                        token_hash BLOB NOT NULL,
                        previous_hash BLOB,
                        previous_salt BLOB,
                        previous_until INTEGER,
                        user_id BLOB NOT NULL,
                        login_name BLOB NOT NULL,
                        identity TEXT NOT NULL,
                        facts TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        used_at INTEGER NOT NULL,
                        expires_at INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX remember_by_user ON remember (user_id);
                    CREATE INDEX remember_by_login_name ON remember (login_name);
                    CREATE INDEX remember_by_end ON remember (expires_at);
                    ALTER TABLE session ADD COLUMN series BLOB;
                    """
            )
        }
        migrator.registerMigration("throttle-1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE throttle (
                        kind INTEGER NOT NULL,
                        account BLOB NOT NULL,
                        origin BLOB NOT NULL,
                        forgotten_at INTEGER NOT NULL,
                        last_failure_at INTEGER NOT NULL,
                        PRIMARY KEY (kind, account, origin)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX throttle_by_end ON throttle (forgotten_at);
                    """
            )
        }
        migrator.registerMigration("secret-1") { database in
            try database.execute(
                sql: "CREATE TABLE secret (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT"
            )
        }
        return migrator
    }
}
