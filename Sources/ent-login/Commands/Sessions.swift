internal import ArgumentParser

/// The operator's view of who is logged in.
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who is logged in, and end sessions.",
        subcommands: [SessionsList.self, SessionsEnd.self]
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        throw ValidationError("Say what: sessions list, or sessions end.")
    }
}
