internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

/// Ends the kept session.
struct Logout: AnsweringCommand {
    static let configuration = CommandConfiguration(abstract: "End the kept session.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "End all sessions of the person whose session is kept.")
    var all = false

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        let kept = try KeptLogin()
        guard try kept.isThere else { throw Stop.notLoggedIn }
        return try await Counterpart.serve(configuration, global) { counterpart in
            let answer = try await kept.logout(everywhere: all, counterpart)
            guard answer.outcome == .success, let count = answer.ended else { throw Stop(answer) }
            return Answer(
                status: .success,
                lines: [count == 1 ? "Logged out." : "Logged out; \(count) sessions have ended."],
                json: EndedJSON(ended: count)
            )
        }
    }
}

/// How many sessions have ended, for programs.
struct EndedJSON: Encodable, Sendable {
    var outcome = "success"
    var ended: Int
}
