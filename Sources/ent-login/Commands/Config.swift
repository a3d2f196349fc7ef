internal import ArgumentParser

/// The two commands about the configuration file itself.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print a configuration: a template, or what holds.",
        subcommands: [ConfigExample.self, ConfigShow.self]
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        throw ValidationError("Say which: config example, or config show.")
    }
}
