internal import ArgumentParser

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "path"), completion: .file())
    var config = "/etc/ent-login/ent-login.toml"

    @Flag(help: "Answer with one JSON object on the standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Log more to the standard error; twice for every step.")
    var verbose: Int

    @Flag(help: "Never use colour; without it colour is used on a terminal, unless NO_COLOR is set.")
    var noColor = false
}
