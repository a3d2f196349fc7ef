internal import EnterpriseAuth
internal import LocalSocket

/// The connection to the portal of a configuration; opened again when it is needed.
actor PortalLine {
    private let path: String
    private let login: LoginSettings
    private var client: LocalSocketClient?

    private init(path: String, login: LoginSettings, client: LocalSocketClient) {
        (self.path, self.login, self.client) = (path, login, client)
    }

    /// Connects, if a portal is there.
    /// - Parameter configuration: Says where it listens.
    /// - Returns: The line; nil if nobody listens.
    /// - Throws: `Stop` if whoever listens does not answer or is not to be trusted.
    static func find(_ configuration: LoginConfiguration) async throws -> PortalLine? {
        guard let path = configuration.localSocketPath, let client = try await connect(path) else { return nil }
        return PortalLine(path: path, login: configuration.login, client: client)
    }

    /// Serves one command and hangs up.
    /// - Parameter body: What the command wants.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    nonisolated(nonsending) func serve(_ body: (Counterpart) async throws -> Answer) async throws -> Answer {
        let result: Result<Answer, any Error>
        do {
            result = .success(try await body(.portal(self)))
        } catch {
            result = .failure(error)
        }
        await rest()
        return try result.get()
    }

    /// Hangs up until the next request.
    func rest() {
        client?.close()
        client = nil
    }

    /// Asks.
    /// - Parameter request: What is asked.
    /// - Returns: The answer.
    /// - Throws: `Stop` if there is none.
    func ask(_ request: LocalRequest) async throws -> LocalAnswer {
        let client = try await connected()
        do throws(LocalSocketError) {
            return try await client.ask(request, deadline: .now + patience(for: request))
        } catch {
            throw Stop(error)
        }
    }

    private func connected() async throws -> LocalSocketClient {
        if let client { return client }
        guard let client = try await Self.connect(path) else {
            throw Stop(Answer(.unavailable, outcome: "unavailable", note: "The portal at \(path) has ended."))
        }
        self.client = client
        return client
    }

    private static func connect(_ path: String) async throws -> LocalSocketClient? {
        do throws(LocalSocketError) {
            return try await LocalSocketClient.connect(to: path, deadline: .now + .seconds(10))
        } catch {
            throw Stop(error)
        }
    }

    /// Longer than the portal gives itself, so that its own answer comes first.
    private func patience(for request: LocalRequest) -> Duration {
        switch request {
        case .login, .answer, .restore: login.deadline + login.refusalTime + .seconds(20)
        default: .seconds(90)
        }
    }
}

extension Stop {
    /// A portal that cannot be asked.
    init(_ error: LocalSocketError) {
        let (status, outcome): (ExitStatus, String) =
            switch error {
            case .noAnswer: (.unavailable, "unavailable")
            case .notTrusted, .inUse, .notOpened: (.configuration, "misconfigured")
            case .badAnswer: (.internalError, "internal_error")
            }
        self.init(Answer(status, outcome: outcome, note: "\(error)"))
    }
}
