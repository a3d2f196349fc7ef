internal import ArgumentParser
internal import EnterpriseAuth

/// Tells which access rule decides about a request.
struct AccessCheck: AnsweringCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which rule of [[portal.access]] decides about a request.",
        discussion: """
            The person is looked up as a login would, without a password. Exit code 0 if the request may pass, 77 if \
            not, 75 if nobody can say.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The URL that is asked for, such as https://wiki.example.org/docs.")
    var url: String

    @Option(help: ArgumentHelp("Who asks; without it a visitor who has not logged in.", valueName: "user"))
    var user: String?

    @Option(help: "The method of the request.")
    var method = "GET"

    @Option(help: "The address that the request comes from.")
    var address: String?

    func validate() throws {
        _ = try request()
    }

    func answer() async throws -> Answer {
        let configuration = try global.loadConfiguration()
        let assembly = try GlobalOptions.assemble(configuration)
        let explanation = await assembly.explainAccess(
            try request(),
            by: user,
            deadline: .now + configuration.login.deadline
        )
        await assembly.shutdown()
        return Answer(explanation, configuration.portal?.access ?? [])
    }

    private func request() throws -> AccessRequest {
        guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }) else {
            throw ValidationError("The URL must begin with https:// or http://.")
        }
        let rest = url.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(host.count)
        let path = target.hasPrefix("/") ? String(target) : "/\(target)"
        guard let request = AccessRequest(method: method, host: String(host), target: path, address: address) else {
            throw ValidationError("The URL's host is no host name.")
        }
        return request
    }
}

/// The decision, for programs.
struct AccessCheckJSON: Encodable, Sendable {
    var outcome: String
    var verdict: String
    var reason: String
    var rule: Int?
    var host: String?
    var login: Explanation.Decision?
    var problems: [StartFailureJSON]
}

extension Answer {
    init(_ explanation: AccessExplanation, _ rules: [AccessRuleConfiguration]) {
        let decision = explanation.decision
        let (status, outcome, verdict, role): (ExitStatus, String, String, Line.Role) =
            switch decision.verdict {
            case .allowed: (.success, "success", "allowed", .good)
            case .loginRequired: (.refused, "refused", "login required", .bad)
            case .forbidden: (.refused, "refused", "forbidden", .bad)
            case .unavailable, .askAgain: (.unavailable, "unavailable", "unavailable", .doubtful)
            }
        var lines = [Line("\(verdict): \(decision.reason)", role)]
        if let index = decision.rule {
            lines.append("  rule:     portal.access[\(index)], host = \"\(rules[index].host)\"")
        }
        if let login = explanation.login {
            lines.append("  login:    \(login.outcome.rawValue): \(login.reason)")
            if !login.groups.isEmpty {
                lines.append("  groups:   \(Set(login.groups.map(\.name)).sorted().joined(separator: ", "))")
            }
        }
        self.init(
            status: status,
            lines: lines,
            notes: explanation.failures.map { Line($0.description, $0.isTemporary ? .doubtful : .bad) },
            json: AccessCheckJSON(
                outcome: outcome,
                verdict: verdict.replacing(" ", with: "_"),
                reason: decision.reason,
                rule: decision.rule,
                host: decision.rule.map { rules[$0].host },
                login: explanation.login,
                problems: explanation.failures.map(StartFailureJSON.init)
            )
        )
    }
}
