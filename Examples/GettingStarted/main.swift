// getting-started CONFIGURATION
//
// Logs one person in and out again. At a terminal it asks for the user name and the password; a script gives them as two
// lines of the standard input. Exit codes as of ent-login: 0 yes, 77 no, 75 nobody could say, 78 configuration.
internal import EnterpriseAuth
internal import EnterpriseAuthSQLite
internal import Glibc
internal import HostSystem
internal import Logging
internal import PAMClient

/// Puts the manager together; sessions live where the configuration says.
func makeManager(_ configuration: LoginConfiguration, _ assembly: LoginAssembly) async throws -> LoginManager {
    var store: (any SessionStore)?
    if case .sqlite(let path) = configuration.session.store {
        store = try await SQLiteSessionStore.open(path)
    }
    return LoginManager(
        configuration: configuration,
        chain: assembly.providers,
        judge: assembly.activePolicy,
        store: store,
        auditLogs: [LoggerAuditLog(Logger(label: "getting-started"))]
    )
}

/// Asks at the terminal, or takes the next line of the standard input.
///
/// This waits for a person, so it runs on the main thread, which is nobody else's.
@MainActor
func ask(_ question: String, echoes: Bool) throws -> SecretBytes {
    let answer: SecretBytes?
    if !StandardInput.isTerminal {
        answer = try StandardInput.readSecretLine(limit: 1024)
    } else if echoes {
        answer = try Terminal.readLine(prompt: question)
    } else {
        answer = try Terminal.readSecret(prompt: question)
    }
    return answer ?? SecretBytes([])
}

/// Logs in with what is typed, and answers whatever the source asks on top of that.
@MainActor
func logIn(_ manager: LoginManager) async throws -> LoginResult {
    let name = try ask("User name: ", echoes: true)
    let password = try ask("Password: ", echoes: false)
    var result: LoginResult
    do throws(CredentialsProblem) {
        let credentials = try Credentials(username: name.text ?? "", password: password)
        result = await manager.login(credentials, client: .local)
    } catch {
        // Answered like a wrong password, in the same time.
        result = await manager.refuse(error, client: .local)
    }
    while case .challenge(let challenge) = result {
        for message in challenge.messages { print(message) }
        let answers = try challenge.prompts.map { try ask($0.text, echoes: $0.echoes) }
        let response = ChallengeResponse(challengeID: challenge.id, provider: challenge.provider, answers: answers)
        result = await manager.answer(response, client: .local)
    }
    return result
}

/// Does what an application does with every request: turns the token back into a person.
func greet(_ token: SessionToken, _ manager: LoginManager) async -> Int32 {
    switch await manager.resolve(token, client: .local) {
    case .active(let session):
        let user = session.directoryUser
        print("The token is \(user.displayName ?? user.loginName)'s, a member of \(user.groups).")
        return 0
    case .anonymous:
        print("The session is over.")
        return 77
    case .unavailable:
        print(Outage.publicText)
        return 75
    }
}

/// Tells the person how the login ended, and uses the session if there is one.
@MainActor
func useSession(_ manager: LoginManager) async throws -> Int32 {
    switch try await logIn(manager) {
    case .success(let success):
        print("Logged in as \(success.session.identity.loginName).")
        let status = await greet(success.token, manager)
        try await manager.logout(success.token, client: .local)
        print("Logged out.")
        return status
    case .challenge:
        print("The login asks for more than can be answered here.")
        return 77
    case .passwordChangeRequired(_, let reason):
        print("The password must be changed first (\(reason)).")
        return 77
    case .refused:
        // One text for every reason; the reason itself is in the audit log.
        print(Refusal.publicText)
        return 77
    case .unavailable:
        print(Outage.publicText)
        return 75
    }
}

/// Starts everything, serves one person, and ends everything.
@MainActor
func run(_ path: String) async throws -> Int32 {
    let configuration = try LoginConfiguration.load(from: path)
    let assembly = try LoginAssembly(configuration)
    let failures = await assembly.start(deadline: .now + configuration.login.deadline)
    for failure in failures { print(failure) }
    guard failures.allSatisfy(\.isTemporary) else {
        await assembly.shutdown()
        return 78
    }
    let manager = try await makeManager(configuration, assembly)
    let upkeep = Task { await manager.run() }
    let status: Result<Int32, any Error>
    do { status = .success(try await useSession(manager)) } catch { status = .failure(error) }
    upkeep.cancel()
    await upkeep.value
    await manager.close()
    await assembly.shutdown()
    return try status.get()
}

// libpam runs in worker processes, which are this very program, called with this argument.
if CommandLine.arguments.dropFirst().elementsEqual(["pam-worker"]) {
    exit(PAMWorker.run(descriptor: PAMExecution.workerDescriptor))
}
guard CommandLine.arguments.count == 2 else {
    print("usage: getting-started CONFIGURATION")
    exit(64)
}
do {
    exit(try await run(CommandLine.arguments[1]))
} catch let error as ConfigurationError {
    for problem in error.problems { print(problem) }
    exit(78)
} catch {
    // Whatever this is, it is not a yes.
    print("internal error: \(error)")
    exit(70)
}
