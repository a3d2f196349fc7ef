/// What no single key can tell: names that point nowhere, values that contradict each other, files.
struct ConfigurationChecks {
    let configuration: LoginConfiguration
    let checksFiles: Bool

    init(_ configuration: LoginConfiguration, checksFiles: Bool) {
        self.configuration = configuration
        self.checksFiles = checksFiles
    }

    func run(_ context: inout DecodingContext) {
        checkLogin(&context)
        checkProviders(&context)
        checkDirectories(&context)
        checkActive(&context)
        checkSession(&context)
        checkThrottle(&context)
        checkPortal(&context)
        if checksFiles { checkFiles(&context) }
    }

    /// Records that `path` names something that the file does not have.
    func checkName(
        _ name: String,
        at path: String,
        in table: String,
        known: some Sequence<String>,
        _ context: inout DecodingContext
    ) {
        // What was given and could not be read has its own problem already.
        guard !context.isGiven("\(table).\(name)"), !context.isFaulty(path) else { return }
        let near = EditDistance.nearest(to: name, among: known).map { "did you mean \(TOMLText.quoted($0))?" }
        let message = "there is no [\(table).\(name)]"
        context.error(path, message, fix: near ?? "add the table, or name another")
    }
}
