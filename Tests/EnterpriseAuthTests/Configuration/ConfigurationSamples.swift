import EnterpriseAuth
import TestBed

/// Small configurations that tests change in one place.
enum ConfigurationSamples {
    /// The least that a login against a directory needs.
    static let minimal = SampleConfiguration.minimal()

    /// The minimal configuration with one line replaced, and lines added at the end.
    static func minimal(replacing line: String, with other: String, adding more: String = "") -> String {
        precondition(minimal.contains(line), "the sample has no line \(line)")
        return minimal.replacing(line, with: other) + "\n" + more
    }

    static func load(_ text: String) throws(ConfigurationError) -> LoadedConfiguration {
        try ConfigurationLoader(checkingFiles: false).load(text: text, fileName: "t.toml")
    }

    /// Every problem of a text, errors and warnings, each as one line.
    static func problems(_ text: String) -> [String] {
        do {
            return try load(text).warnings.map(\.description)
        } catch {
            return error.problems.map(\.description)
        }
    }
}
