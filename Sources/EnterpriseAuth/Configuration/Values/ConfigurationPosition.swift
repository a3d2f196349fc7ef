/// A place in a configuration file, for messages.
public struct ConfigurationPosition: Sendable, Hashable {
    /// The file's name as it was given.
    public var file: String
    /// The line, counted from 1; 0 for the file as a whole.
    public var line: Int
    /// The column in characters (Unicode scalars), counted from 1.
    public var column: Int

    /// Makes a position.
    /// - Parameters:
    ///   - file: The file's name.
    ///   - line: The line, counted from 1.
    ///   - column: The column, counted from 1.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension ConfigurationPosition: CustomStringConvertible {
    /// `file:line:column`, as editors understand it.
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}
