internal import ArgumentParser
internal import EnterpriseAuth

/// The commented template.
struct ConfigExample: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Print a commented template with every key."
    )

    @OptionGroup var global: GlobalOptions

    func answer() async throws -> Answer {
        Answer(showing: ConfigurationExample.text)
    }
}

extension Answer {
    /// An answer that is a text of several lines.
    init(showing text: String) {
        struct TextJSON: Encodable, Sendable { var outcome = "success", text: String }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Line(String($0)) }
        if text.hasSuffix("\n") { lines.removeLast() }
        self.init(status: .success, lines: lines, json: TextJSON(text: text))
    }
}
