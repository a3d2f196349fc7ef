internal import ArgumentParser

/// The operator's view of who is slowed down.
struct Throttle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what wrong passwords have slowed down, and forget them.",
        subcommands: [ThrottleList.self, ThrottleClear.self]
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        throw ValidationError("Say what: throttle list, or throttle clear.")
    }
}
