internal import Foundation

/// What `config/testbed/bin/slapd-start DIR` wrote into DIR/env.
public struct TestBedFacts: Sendable {
    private let values: [String: String]

    /// Reads DIR/env.
    public init(directory: String) throws {
        let text = try String(contentsOfFile: "\(directory)/env", encoding: .utf8)
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        self.values = values
    }

    /// The value of one name, empty if there is none.
    public subscript(_ name: String) -> String { values[name] ?? "" }
}
