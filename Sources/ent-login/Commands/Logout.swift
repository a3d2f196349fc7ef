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
        let file = try TokenFile()
        guard let token = try file.read() else { throw Stop.notLoggedIn }
        return try await Counterpart.serve(configuration, global) { counterpart in
            let answer = try await counterpart.ask(.logout(token, everywhere: all))
            // The token of a session that has ended before is of no use either.
            if answer.outcome == .success || (answer.outcome == .refused && !all) { try file.remove() }
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
