internal import ArgumentParser
internal import EnterpriseAuth
internal import LocalSocket

/// Makes the running portal read its configuration again.
struct Reload: AnsweringCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the running portal read its configuration again.",
        discussion: """
            Sessions and requests go on. If the new configuration cannot be used, the portal keeps the one before and \
            this command says what is wrong.
            """
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        let configuration = try global.loadConfigurationForPortal()
        guard let path = configuration.localSocketPath else {
            throw Stop.misconfigured("There is no portal to reload: add [portal], and socket = \"/PATH\" to it.")
        }
        guard let line = try await PortalLine.find(configuration) else {
            throw Stop(Answer(.unavailable, outcome: "unavailable", note: "No portal answers at \(path)."))
        }
        return try await line.serve { portal in
            let warnings = try await portal.demand(.reload).problems ?? []
            return Answer(
                status: .success,
                lines: [Answer.Line("The portal has read its configuration.", .good)],
                notes: warnings.map { Answer.Line($0, .doubtful) },
                json: ReloadJSON(warnings: warnings)
            )
        }
    }
}

/// What is doubtful about a configuration that is in use now, for programs.
struct ReloadJSON: Encodable, Sendable {
    var outcome = "success"
    var warnings: [String]
}
