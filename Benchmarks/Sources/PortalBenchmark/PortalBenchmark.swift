internal import ArgumentParser
internal import BenchmarkSupport
internal import EnterpriseAuth
internal import Foundation
internal import HostSystem

/// What the portal costs: an answer to a proxy, a login, memory for sessions, and its start.
@main
struct PortalBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "portal-benchmark")

    @Argument(help: "The directory that slapd-start was given.")
    var testBed: String

    @Option(help: "ent-login, to measure its start.")
    var program: String

    @Option(help: "Seconds for each measurement.")
    var seconds = 4.0

    @Option(help: "Measurements of each kind, in turns; their median counts.")
    var rounds = 5

    @Option(
        parsing: .upToNextOption,
        help: "Live sessions among which memory is measured; then requests, among the most."
    )
    var sessions = [0, 10_000, 1_000_000]

    func run() async throws {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/portal-benchmark-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = try configurationFile(folder, ports: (try await FreePort.find(), try await FreePort.find()))
        let portal = try await BenchPortal(configurationFile: file)
        try await memory(portal)
        let token = try await portal.login("alice")
        try await answers(portal, token, folder)
        try await behindNginx(portal, token, folder)
        try await logins(portal, folder)
        await portal.shutdown()
        try await start(folder)
    }

    /// The test bed's own configuration, with a portal.
    private func configurationFile(_ folder: String, ports: (UInt16, UInt16)) throws -> String {
        let bed = try String(contentsOfFile: "\(testBed)/ent-login.toml", encoding: .utf8)
        let text = bed.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("store = ") ? "store = \"memory\"" : String($0) }.joined(separator: "\n")
        let portal = """

            [log]
            level = "error"

            [portal]
            listen = "127.0.0.1:\(ports.0)"
            internal_listen = "127.0.0.1:\(ports.1)"
            public_url = "http://localhost:8423"
            trusted_proxies = ["127.0.0.1/32"]
            socket = "\(folder)/portal.sock"

            [[portal.access]]
            host = "\(BenchPortal.host)"
            """
        let path = "\(folder)/ent-login.toml"
        try (text + portal).write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func memory(_ portal: BenchPortal) async throws {
        print("| live sessions | resident memory of the portal, MB |")
        print("|---|---|")
        let client = SessionClient(kind: .web, address: "192.0.2.7", userAgent: "Mozilla/5.0 (X11; Linux x86_64)")
        var made = 0
        for wanted in sessions.sorted() {
            while made < wanted {
                let name = "person\(made)"
                let identity = Identity(
                    userID: UserID(source: "bench", value: name),
                    loginName: name,
                    provider: "bench",
                    source: .application,
                    displayName: "Person Number \(made)",
                    email: "\(name)@example.org"
                )
                let user = DirectoryUser(identity: identity, groups: ["employees", "engineering"], isActive: true)
                guard case .success = await portal.manager.login(user, client: client) else {
                    throw UnexpectedOutcome(description: "login \(made)")
                }
                made += 1
            }
            print("| \(wanted) | \((Double(try Memory.residentBytes()) / 1_000_000).digits(0)) |")
        }
        print("")
    }

    /// `/api/authz/auth-request` with a live session against plain routes of the same process.
    private func answers(_ portal: BenchPortal, _ token: SessionToken, _ folder: String) async throws {
        let headers = [
            ("Cookie", "__Host-ent_login=\(token.text)"), ("X-Original-URL", "https://\(BenchPortal.host)/docs?page=1"),
            ("X-Original-Method", "GET"), ("X-Forwarded-For", "192.0.2.7"), ("User-Agent", "wrk"),
        ]
        for connections in [1, 32] {
            let load = LoadGenerator(connections: connections, seconds: seconds, folder: folder)
            let rows = try await turns([
                (
                    "/api/authz/auth-request",
                    {
                        try await load.run(
                            port: portal.ports.authz,
                            target: "/api/authz/auth-request",
                            headers: headers
                        )
                    }
                ),
                (
                    "plain route, equal headers",
                    {
                        try await load.run(port: portal.ports.plain, target: "/equal", headers: headers)
                    }
                ),
                ("empty route", { try await load.run(port: portal.ports.plain, target: "/empty", headers: headers) }),
            ])
            Self.show(rows, "\(connections) connections")
        }
    }

    /// The same behind nginx, against its `auth_request` to a constant 200.
    private func behindNginx(_ portal: BenchPortal, _ token: SessionToken, _ folder: String) async throws {
        let nginx = try await Nginx(folder: folder, authz: portal.ports.authz)
        let headers = [("Cookie", "__Host-ent_login=\(token.text)"), ("User-Agent", "wrk")]
        let load = LoadGenerator(seconds: seconds, folder: folder)
        let rows = try await turns([
            (
                "nginx, asking the portal",
                {
                    try await load.run(port: nginx.guarded, target: "/", headers: headers)
                }
            ),
            ("nginx, asking itself", { try await load.run(port: nginx.constant, target: "/", headers: headers) }),
        ])
        Self.show(rows, "behind nginx, \(load.connections) connections")
        nginx.stop()
    }

    /// `POST /login` against the library's login, one at a time and 32 in flight.
    private func logins(_ portal: BenchPortal, _ folder: String) async throws {
        let page = try await Asking.answer(port: portal.ports.pages, target: "/login", host: "localhost:8423")
        guard let cookie = page.firstMatch(of: #/(?i)set-cookie: ([^;]+)/#)?.1,
            let proof = page.firstMatch(of: #/name="csrf" value="([^"]+)"/#)?.1
        else { throw UnexpectedOutcome(description: "the login page: \(page.prefix(2000))") }
        let headers = [
            ("Cookie", String(cookie)), ("Host", "localhost:8423"), ("Origin", "http://localhost:8423"),
            ("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "wrk"),
        ]
        let body = "csrf=\(proof)&username=alice&password=open-alice"
        for connections in [1, 32] {
            let load = LoadGenerator(connections: connections, seconds: seconds, folder: folder)
            let rows = try await turns([
                (
                    "POST /login",
                    {
                        let pages = portal.ports.pages
                        return try await load.run(
                            port: pages,
                            target: "/login",
                            method: "POST",
                            headers: headers,
                            body: body
                        )
                    }
                ),
                ("the library's login", { try await libraryLogins(portal, inFlight: connections) }),
            ])
            Self.show(rows, "logins, \(connections) in flight")
        }
    }

    private func libraryLogins(_ portal: BenchPortal, inFlight: Int) async throws -> LoadGenerator.Run {
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var times: [Double] = []
                    while ContinuousClock.now < end {
                        let credentials = try Credentials(username: "alice", password: SecretBytes("open-alice".utf8))
                        let start = ContinuousClock.now
                        let client = SessionClient(kind: .web, address: "127.0.0.1", userAgent: "wrk")
                        guard case .success = await portal.manager.login(credentials, client: client) else {
                            throw UnexpectedOutcome(description: "a login was refused")
                        }
                        times.append((ContinuousClock.now - start) / .microseconds(1))
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let statistics = Statistics(times)
        return LoadGenerator.Run(
            rate: Double(times.count) / ((ContinuousClock.now - begin) / .seconds(1)),
            median: statistics.median,
            slowest: statistics.percentile(0.99)
        )
    }

    /// From the start of the program to its first answer.
    private func start(_ folder: String) async throws {
        var times: [Double] = []
        for _ in 0..<max(3, rounds) {
            let ports = (try await FreePort.find(), try await FreePort.find())
            let file = try configurationFile(folder, ports: ports)
            let begin = ContinuousClock.now
            let server = try Program(program, ["serve", "--config", file], logging: "\(folder)/serve.log")
            try await FreePort.wait(for: ports.1)
            let answer = try await Asking.answer(port: ports.1, target: "/healthz", host: "localhost")
            guard answer.hasPrefix("HTTP/1.1 200") else { throw UnexpectedOutcome(description: answer) }
            times.append((ContinuousClock.now - begin) / .milliseconds(1))
            server.stop()
        }
        let statistics = Statistics(times)
        print("From the start of the program to its first answer: \(statistics.median.digits(0)) ms ", terminator: "")
        print("(\(statistics.minimum.digits(0))–\(statistics.maximum.digits(0)))")
    }

    private typealias Kind = (name: String, measure: () async throws -> LoadGenerator.Run)

    /// Measures every kind in turns, so that what else the machine does hits all of them alike.
    private func turns(_ kinds: [Kind]) async throws -> [(name: String, runs: [LoadGenerator.Run])] {
        var rows = kinds.map { (name: $0.name, runs: [LoadGenerator.Run]()) }
        for _ in 0..<rounds {
            for (index, kind) in kinds.enumerated() { rows[index].runs.append(try await kind.measure()) }
        }
        return rows
    }

    /// A table with every kind's share of the first one's rate turned round: how near the first comes to it.
    private static func show(_ rows: [(name: String, runs: [LoadGenerator.Run])], _ title: String) {
        print("| \(title) | a second | p50, µs | p99, µs | the first's rate against this |")
        print("|---|---|---|---|---|")
        for row in rows {
            let ratios = Statistics(zip(rows[0].runs, row.runs).map { $0.rate / $1.rate })
            let range = "\(ratios.median.digits(2)) (\(ratios.minimum.digits(2))–\(ratios.maximum.digits(2)))"
            let median = { (value: (LoadGenerator.Run) -> Double) in Statistics(row.runs.map(value)).median }
            print(
                "| \(row.name) | \(median { $0.rate }.digits(0)) | \(median { $0.median }.digits(0)) "
                    + "| \(median { $0.slowest }.digits(0)) | \(range) |"
            )
        }
        print("")
    }
}
