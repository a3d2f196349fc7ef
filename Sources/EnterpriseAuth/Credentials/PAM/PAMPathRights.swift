internal import HostSystem

/// Looks whether only those may change a file who are trusted with it: by its own rights, and by those of every
/// directory on the way to it, where it could be replaced.
struct PAMPathRights {
    /// What is wrong with a path.
    struct Fault: Error, Hashable {
        let problem: String
        let fix: String
    }

    /// Who may own files and directories: root, and the user whom it is all about.
    let owners: Set<UInt32>
    private var accepted: Set<String> = []

    init(owners: Set<UInt32>) {
        self.owners = owners
    }

    /// Checks a file or directory, as it is named and as it is reached through symbolic links.
    /// - Parameter path: An absolute path.
    /// - Throws: `Fault` for the first part of the path that others could change.
    mutating func check(_ path: String) throws(Fault) {
        let target: String
        do throws(HostError) {
            target = try HostFile.resolved(path)
        } catch {
            throw Fault(
                problem: "\(path) cannot be looked at (\(error.reason))",
                fix: "make it readable for this process"
            )
        }
        for path in [path, target] {
            for directory in Self.directories(above: path) { try accept(directory, isStickyEnough: true) }
            try accept(path, isStickyEnough: false)
        }
    }

    /// Checks one part of a path; `isStickyEnough` says whether others may write where they cannot replace what is not
    /// theirs, as in /tmp.
    private mutating func accept(_ path: String, isStickyEnough: Bool) throws(Fault) {
        guard !accepted.contains(path) else { return }
        guard let facts = try? HostFile.facts(of: path) else {
            throw Fault(problem: "\(path) cannot be looked at", fix: "make it readable for this process")
        }
        let state = "owner \(facts.ownerID), mode 0\(String(facts.mode, radix: 8))"
        guard owners.contains(facts.ownerID) else {
            throw Fault(problem: "\(path) belongs to another user (\(state))", fix: "chown root \(path)")
        }
        let isSticky = facts.kind == .directory && facts.mode & 0o1000 != 0
        guard !facts.isWritableByOthers || isSticky && isStickyEnough else {
            throw Fault(problem: "\(path) may be written by others (\(state))", fix: "chmod go-w \(path)")
        }
        // Only an ancestor may be sticky: what passed as one may still be checked as a file of its own.
        if !isSticky { accepted.insert(path) }
    }

    /// The directories on the way to a path, from the root.
    private static func directories(above path: String) -> [String] {
        var directories = ["/"]
        var current = ""
        for part in path.split(separator: "/").dropLast() {
            current += "/" + part
            directories.append(current)
        }
        return directories
    }
}
