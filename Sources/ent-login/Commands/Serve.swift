internal import ArgumentParser
internal import EnterpriseAuth
internal import HostSystem
internal import Logging

/// Serves the portal until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the login portal and the answers to proxies.",
        discussion: """
            Browsers connect to portal.listen, proxies and monitoring to portal.internal_listen. SIGHUP makes it read its \
            configuration again. SIGTERM and SIGINT end it once the requests under way are answered.
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = Output(global)
        do {
            let loaded = try global.load(checkingFiles: true)
            guard loaded.configuration.portal != nil else {
                throw Stop.misconfigured("There is no [portal] in \(global.config): nothing says where to listen.")
            }
            LogSetup.start(loaded.configuration.log, verbosity: global.verbose)
            let logger = Logger(label: "ent-login")
            for warning in loaded.warnings { logger.warning("\(warning)") }
            try await PortalDesk.serve(loaded.configuration, from: global.config, logger: logger)
        } catch let stop as Stop {
            try output.show(stop.answer)
            throw stop.answer.status.exitCode
        }
    }
}
