internal import TOMLReader

/// What one run of the loader gathers: problems, and where each key and value stands.
struct DecodingContext {
    struct Place {
        var key: TOMLPosition
        var value: TOMLPosition
    }

    let file: String
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var places: [String: Place] = [:]

    init(file: String) {
        self.file = file
    }

    var hasErrors: Bool {
        problems.contains { $0.severity == .error }
    }

    /// The problems in the order of the file.
    var sortedProblems: [ConfigurationProblem] {
        problems.enumerated().sorted { left, right in
            let (a, b) = (left.element.position, right.element.position)
            return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
        }.map(\.element)
    }

    /// Whether something is wrong with the key at `path` or anything below it.
    func isFaulty(_ path: String) -> Bool {
        problems.contains { problem in
            problem.severity == .error
                && (problem.key == path || problem.key.hasPrefix(path + ".") || problem.key.hasPrefix(path + "["))
        }
    }

    /// Remembers where the key at `path` and its value stand.
    mutating func note(_ path: String, key: TOMLPosition, value: TOMLPosition) {
        places[path] = Place(key: key, value: value)
    }

    /// Whether the file itself says anything at `path`.
    func isGiven(_ path: String) -> Bool {
        places[path] != nil
    }

    /// Where the value at `path` stands; if the file does not have it, the nearest table around it.
    func position(of path: String) -> ConfigurationPosition {
        var path = path[...]
        while true {
            if let place = places[String(path)] { return located(place.value) }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = path[..<end]
        }
        return located(TOMLPosition(line: 1, column: 1))
    }

    func located(_ position: TOMLPosition) -> ConfigurationPosition {
        ConfigurationPosition(file: file, line: position.line, column: position.column)
    }

    /// Records an error at the value of `path`, or at another place.
    mutating func error(_ path: String, at place: TOMLPosition? = nil, _ message: String, fix: String) {
        record(.error, path, at: place, message, fix)
    }

    /// Records a warning at the value of `path`.
    mutating func warn(_ path: String, _ message: String, fix: String) {
        record(.warning, path, at: nil, message, fix)
    }

    /// Records a key that the schema does not have.
    ///
    /// Its value is never shown: it may be a secret under a wrong name.
    mutating func unknownKey(_ path: String, at place: TOMLPosition, fix: String) {
        record(.error, path, at: place, "unknown key", fix)
    }

    private mutating func record(
        _ severity: ConfigurationProblem.Severity,
        _ path: String,
        at place: TOMLPosition?,
        _ message: String,
        _ fix: String
    ) {
        let position = place.map(located) ?? position(of: path)
        problems.append(ConfigurationProblem(severity, at: position, key: path, message: message, fix: fix))
    }
}
