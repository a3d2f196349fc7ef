internal import ArgumentParser
internal import EnterpriseAuth

/// What holds: the file's values and the defaults of the rest.
struct ConfigShow: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the values that hold, defaults included; secrets stay hidden."
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        Answer(showing: EffectiveConfiguration.render(try global.loadConfiguration()))
    }
}
