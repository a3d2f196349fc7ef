internal import HostSystem

/// Follows the lines and includes of a PAM service as libpam does, and notes the modules.
struct PAMServiceReader {
    /// `PAM_SUBSTACK_MAX_LEVEL` of libpam.
    static let maximumLevel = 16

    /// The most bytes of one file; real ones have a few hundred.
    static let maximumFileBytes = 256 * 1024

    let directories: [String]
    private(set) var modules: [PAMServiceFile.Module] = []
    private(set) var files: [String] = []

    init(directories: [String]) {
        self.directories = directories
    }

    /// Reads one file.
    /// - Parameters:
    ///   - name: A service, or the absolute path that a line includes.
    ///   - facility: The only question that the including line asks for; nil for all.
    ///   - origin: The including line.
    ///   - level: How many includes led here.
    /// - Returns: The path that was read.
    /// - Throws: ``PAMServiceFileError`` for a missing or unreadable file, or includes without end.
    mutating func read(
        _ name: String,
        as facility: PAMServiceFile.Facility?,
        from origin: (file: String, line: Int)?,
        level: Int
    ) throws(PAMServiceFileError) -> String {
        guard level < Self.maximumLevel else { throw .tooDeep(path: origin?.file ?? name) }
        let paths = name.hasPrefix("/") ? [name] : directories.map { "\($0)/\(name)" }
        for path in paths {
            guard let content = try content(of: path) else { continue }
            if !files.contains(path) { files.append(path) }
            for line in Self.lines(of: content) {
                try take(line.text, number: line.number, file: path, as: facility, level: level)
            }
            return path
        }
        if let origin { throw .missingInclude(name: name, file: origin.file, line: origin.line) }
        throw .missing(service: name, searched: paths)
    }

    private func content(of path: String) throws(PAMServiceFileError) -> String? {
        do throws(HostError) {
            return String(decoding: try HostFile.read(path, limit: Self.maximumFileBytes), as: UTF8.self)
        } catch {
            if error.isNotFound { return nil }
            throw .unreadable(path: path, reason: error.reason.description)
        }
    }

    /// Notes one logical line.
    private mutating func take(
        _ text: String,
        number: Int,
        file: String,
        as wanted: PAMServiceFile.Facility?,
        level: Int
    ) throws(PAMServiceFileError) {
        let words = Self.words(of: text)
        guard let first = words.first else { return }
        if first.lowercased() == "@include" {
            // Debian's own: the whole file, whatever the question.
            guard words.count > 1 else { return }
            _ = try read(words[1], as: wanted, from: (file, number), level: level + 1)
            return
        }
        // A leading '-' only quietens the log about a module that is not there.
        let kind = first.hasPrefix("-") ? String(first.dropFirst()) : first
        guard let facility = PAMServiceFile.Facility(rawValue: kind.lowercased()), words.count > 2 else { return }
        if let wanted, wanted != facility { return }
        let control = words[1].lowercased()
        if control == "include" || control == "substack" {
            _ = try read(words[2], as: facility, from: (file, number), level: level + 1)
        } else {
            let (name, path) = (Self.moduleName(words[2]), words[2])
            modules.append(.init(facility: facility, name: name, path: path, file: file, line: number))
        }
    }

    private static func moduleName(_ path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.hasSuffix(".so") ? file.dropLast(3) : file)
    }

    /// Cuts a file into logical lines: comments gone, lines that end in a backslash joined with the next.
    private static func lines(of content: String) -> [(number: Int, text: String)] {
        var lines: [(number: Int, text: String)] = []
        var joined: (number: Int, text: String)?
        for (index, raw) in content.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = raw.prefix { $0 != "#" }
            let isContinued = text.hasSuffix("\\")
            let start = joined ?? (index + 1, "")
            let whole = (start.number, start.text + (isContinued ? text.dropLast() + " " : text))
            if isContinued {
                joined = whole
            } else {
                lines.append(whole)
                joined = nil
            }
        }
        if let joined { lines.append(joined) }
        return lines
    }

    /// Cuts a line into words; what stands in brackets is one word.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isBracketed = false
        for character in text {
            if isBracketed, character == "]" {
                isBracketed = false
                words.append(word)
                word = ""
            } else if !isBracketed, word.isEmpty, character == "[" {
                isBracketed = true
            } else if !isBracketed, character == " " || character == "\t" || character == "\r" {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
