// conformance-app [--port N]
//
// Serves Flask-Login's test fixture on loopback, for outside suites; settings come from environment variables that are
// named as Flask-Login names them. Exit codes as of ent-login: 0 after SIGTERM, 64 usage, 78 a value that cannot be meant.
internal import EnterpriseAuth
internal import FoundationEssentials
internal import Glibc
internal import Hummingbird

/// Serves until SIGTERM or SIGINT.
func serve(_ fixture: ConformanceApp, port: Int) async throws {
    let app = Application(
        router: fixture.router(),
        configuration: ApplicationConfiguration(
            address: .hostname("127.0.0.1", port: port),
            serverName: "conformance-app"
        )
    )
    let upkeep = Task { await fixture.manager.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await app.runService()) } catch { result = .failure(error) }
    upkeep.cancel()
    await upkeep.value
    await fixture.manager.close()
    try result.get()
}

let arguments = Array(CommandLine.arguments.dropFirst())
let port: Int
switch (arguments.count, arguments.first) {
case (0, _): port = 8080
case (2, "--port"):
    guard let number = UInt16(arguments[1]) else { fallthrough }
    port = Int(number)
default:
    print("usage: conformance-app [--port N]")
    exit(64)
}
do {
    try await serve(ConformanceApp(ConformanceSettings(ProcessInfo.processInfo.environment)), port: port)
} catch let mistake as ConformanceSettings.Mistake {
    print("conformance-app: \(mistake)")
    exit(78)
} catch {
    print("conformance-app: \(error)")
    exit(70)
}
