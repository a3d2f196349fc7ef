import EnterpriseAuth
import EnterpriseAuthSQLite
import EnterpriseAuthTesting
import Foundation
import HostSystem
import Logging
import TestBed
import Testing

@Suite("SQLiteSessionStore")
struct SQLiteSessionStoreTests {
    @Test("conforms", arguments: StoreConformanceSuite.scenarios)
    func conforms(_ scenario: StoreConformanceSuite.Scenario) async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        try await scenario.run { try await SQLiteSessionStore.open(path) }
    }

    @Test("keeps keys of the program's own, each the same for ever, also if several ask at once")
    func secrets() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        var store = try await SQLiteSessionStore.open(path)
        let first = try await withThrowingTaskGroup(of: SecretBytes.self) { [store] group in
            for _ in 0..<8 { group.addTask { try await store.secret(named: "forms") } }
            return try await group.reduce(into: [SecretBytes]()) { $0.append($1) }
        }
        let devices = try await store.secret(named: "devices")
        await store.close()
        store = try await SQLiteSessionStore.open(path)
        let later = try await store.secret(named: "forms")
        #expect(later.count == 32 && first.allSatisfy { $0 == later })
        #expect(devices != later)
        await store.close()
    }

    @Test("all of its files can be read by their owner only")
    func permissions() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let store = try await SQLiteSessionStore.open(scratch.path("sessions.sqlite"))
        try await store.apply([.insert(try SampleSessions.session())])
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(
            files == ["sessions.sqlite", "sessions.sqlite-shm", "sessions.sqlite-wal", "sessions.sqlite.lock"]
        )
        for file in files {
            #expect(try HostFile.facts(of: scratch.path(file)).mode == 0o600, "\(file)")
        }
        await store.close()
    }

    @Test("a file that others may read is refused, with what to do")
    func openToOthers() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = try scratch.write("", to: "sessions.sqlite", permissions: 0o640)
        await #expect(throws: SQLiteStoreOpenError.openToOthers(path: path)) {
            _ = try await SQLiteSessionStore.open(path)
        }
        #expect("\(SQLiteStoreOpenError.openToOthers(path: path))".contains("chmod 600 \(path)"))
    }

    @Test("files beside the database that others may read are refused too", arguments: ["-wal", "-shm", ".lock"])
    func companionOpenToOthers(suffix: String) async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let companion = try scratch.write("", to: "sessions.sqlite\(suffix)", permissions: 0o644)
        await #expect(throws: SQLiteStoreOpenError.openToOthers(path: companion)) {
            _ = try await SQLiteSessionStore.open(scratch.path("sessions.sqlite"))
        }
    }

    @Test("a symbolic link is not followed", arguments: ["", "-wal", "-shm", ".lock"])
    func symbolicLink(suffix: String) async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let target = try scratch.write("", to: "elsewhere")
        let link = scratch.path("sessions.sqlite\(suffix)")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        await #expect(throws: SQLiteStoreOpenError.self) {
            _ = try await SQLiteSessionStore.open(scratch.path("sessions.sqlite"))
        }
    }

    @Test("a directory in which others can replace the file is refused, with what to do")
    func directoryOpenToOthers() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        try FileManager.default.setAttributes([.posixPermissions: 0o775], ofItemAtPath: scratch.path)
        let path = scratch.path("sessions.sqlite")
        let error = SQLiteStoreOpenError.directoryOpenToOthers(path: path, directory: scratch.path)
        await #expect(throws: error) { _ = try await SQLiteSessionStore.open(path) }
        #expect("\(error)".contains("chmod go-w \(scratch.path)"))
    }

    @Test(
        "somebody else's file is refused",
        .enabled(if: HostEnvironment.effectiveUserID == 0),
        arguments: ["", ".lock"]
    )
    func foreignOwner(suffix: String) async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let file = try scratch.write("", to: "sessions.sqlite\(suffix)")
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: file)
        let error = SQLiteStoreOpenError.notPermitted(path: file, detail: "it belongs to user 65534")
        await #expect(throws: error) { _ = try await SQLiteSessionStore.open(scratch.path("sessions.sqlite")) }
    }

    @Test("a second opener is told who has it, and may have it once the first is closed")
    func exclusive() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        let first = try await SQLiteSessionStore.open(path)
        let own = ProcessInfo.processInfo.processIdentifier
        await #expect(throws: SQLiteStoreOpenError.inUse(path: path, processID: own)) {
            _ = try await SQLiteSessionStore.open(path)
        }
        await first.close()
        let second = try await SQLiteSessionStore.open(path)
        await second.close()
    }

    /// Opens a copy of the database file alone, and looks a session up in it.
    private func copyHolds(_ session: Session, of path: String) async throws -> Bool {
        let scratch = try ScratchDirectory(name: "copy")
        defer { scratch.remove() }
        let copy = scratch.path("sessions.sqlite")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let store = try await SQLiteSessionStore.open(copy)
        let found = try await store.session(withTokenHash: session.tokenHash)
        await store.close()
        return found == session
    }

    @Test("once it is closed, the database file alone is whole")
    func closedIsWhole() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        let session = try SampleSessions.session()
        let store = try await SQLiteSessionStore.open(path)
        try await store.apply([.insert(session)])
        #expect(try await store.session(withTokenHash: session.tokenHash) == session)
        // Otherwise the copy would show nothing.
        #expect(try await !copyHolds(session, of: path))
        await store.close()
        #expect(try await copyHolds(session, of: path))
    }

    @Test(
        "another program that has the database open, or reads it, does not keep it from closing",
        arguments: ["", "BEGIN"]
    )
    func openElsewhere(begin: String) async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        let store = try await SQLiteSessionStore.open(path)
        let script = """
            import sqlite3, sys, time
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            if sys.argv[2]: database.execute(sys.argv[2])
            database.execute("SELECT count(*) FROM session").fetchall()
            print("open", flush=True)
            time.sleep(600)
            """
        let other = try RunningProgram("python3", ["-c", script, path, begin])
        while !other.output.contains("open") { try await Task.sleep(for: .milliseconds(5)) }
        let session = try SampleSessions.session()
        try await store.apply([.insert(session)])
        await store.close()
        // Of what is read elsewhere a part has to stay in the log.
        if begin.isEmpty { #expect(try await copyHolds(session, of: path)) }
        let again = try await SQLiteSessionStore.open(path)
        #expect(try await again.session(withTokenHash: session.tokenHash) == session)
        await again.close()
    }

    @Test("a database of before there were remembered logins is taken over with its sessions")
    func migration() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        let session = try SampleSessions.session()
        let first = try await SQLiteSessionStore.open(path)
        try await first.apply([.insert(session)])
        await first.close()
        let script = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("ALTER TABLE session DROP COLUMN series")
            database.execute("DROP TABLE remember")
            database.execute("DELETE FROM grdb_migrations WHERE identifier = 'remember-1'")
            """
        let older = try RunningProgram("python3", ["-c", script, path])
        #expect(await older.finish().status == 0)
        let second = try await SQLiteSessionStore.open(path)
        #expect(try await second.sessions(.all) == [session])
        let series = try SampleSessions.series()
        try await second.apply([.insertSeries(series), .insert(try SampleSessions.session(series: series.id))])
        try await second.apply([.endSeries([series.id])])
        #expect(try await second.sessions(.all) == [session])
        await second.close()
    }

    @Test("what is not a database, or in no directory, is an error that names the file")
    func notADatabase() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let text = String(repeating: "this is not a database ", count: 100)
        for path in [try scratch.write(text, to: "text"), scratch.path("missing/sessions.sqlite"), scratch.path] {
            do {
                _ = try await SQLiteSessionStore.open(path)
                Issue.record("\(path) was opened")
            } catch {
                #expect("\(error)".contains(path))
            }
        }
    }

    @Test("neither tokens nor passwords are in any of its files")
    func noSecrets() async throws {
        let scratch = try ScratchDirectory(name: "store")
        defer { scratch.remove() }
        let store = try await SQLiteSessionStore.open(scratch.path("sessions.sqlite"))
        let provider = ScriptedProvider(name: "corp")
        let identity = SampleSessions.identity("alice")
        let password = "correct-horse-battery-staple"
        provider.add(identity, password: password)
        var active = ActiveConfiguration()
        active.everyone = true
        let manager = LoginManager(
            configuration: LoginConfiguration(
                login: LoginSettings(providers: ["corp"]),
                providers: [:],
                active: active
            ),
            chain: ProviderChain(providers: [provider]),
            judge: ScriptedJudge(),
            store: store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        var tokens: [SessionToken] = []
        for _ in 0..<30 {
            let secret = SecretBytes(Array(password.utf8))
            let result = await manager.login(
                try Credentials(username: "alice", password: secret),
                client: .local,
                replacing: tokens.last
            )
            guard case .success(let success) = result else {
                Issue.record("no login: \(result)")
                return
            }
            tokens.append(success.token)
        }
        var found = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: scratch.path) {
            let content = try Data(contentsOf: URL(fileURLWithPath: scratch.path(file)))
            #expect(content.range(of: Data(password.utf8)) == nil, "\(file) holds the password")
            for token in tokens {
                // A search takes its time, and the pool that runs the tests has few threads.
                await Task.yield()
                #expect(content.range(of: Data(token.text.utf8)) == nil, "\(file) holds a token's text")
                let padded = token.text.replacing("-", with: "+").replacing("_", with: "/") + "="
                let bytes = try #require(Data(base64Encoded: padded))
                #expect(content.range(of: bytes) == nil, "\(file) holds a token's bytes")
                if content.range(of: Data(token.hash.bytes)) != nil { found += 1 }
            }
        }
        // The search would find what is there: the hashes.
        #expect(found > 0)
        await store.close()
    }
}
