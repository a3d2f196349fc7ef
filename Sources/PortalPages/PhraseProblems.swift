/// Everything that is wrong with a file of texts.
public struct PhraseProblems: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for each, with its place in the file.
    public let problems: [String]

    init(_ problems: [String]) {
        self.problems = problems
    }

    /// All of them.
    public var description: String { problems.joined(separator: "\n") }
}
