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

    /// As many as the kernel follows (path_resolution(7)).
    private static let mostLinks = 40

    init(owners: Set<UInt32>) {
        self.owners = owners
    }

    /// Checks a file or directory, and everything on the way to it: symbolic links are followed one by one, for whoever
    /// can change one of them, or a directory with one, decides where the way leads.
    /// - Parameters:
    ///   - path: An absolute path.
    ///   - mayBeMissing: Whether it is fine that nothing is there, as long as others cannot put something there.
    /// - Throws: `Fault` for the first part of the way that others could change.
    mutating func check(_ path: String, mayBeMissing: Bool = false) throws(Fault) {
        var ahead = path.split(separator: "/").map(String.init)
        var current = ""
        var links = 0
        try accept("/", isStickyEnough: true)
        while !ahead.isEmpty {
            let part = ahead.removeFirst()
            if part == "." { continue }
            if part == ".." {
                current = String(current.prefix(upTo: current.lastIndex(of: "/") ?? current.startIndex))
                continue
            }
            let next = current + "/" + part
            if mayBeMissing, isMissing(next) {
                return try accept(current.isEmpty ? "/" : current, isStickyEnough: false)
            }
            if let target = try target(of: next) {
                links += 1
                guard links <= Self.mostLinks else {
                    throw Fault(problem: "\(path) leads through too many links", fix: "make it a file")
                }
                ahead = target.split(separator: "/").map(String.init) + ahead
                if target.hasPrefix("/") { current = "" }
            } else {
                try accept(next, isStickyEnough: !ahead.isEmpty)
                current = next
            }
        }
    }

    private func isMissing(_ path: String) -> Bool {
        do throws(HostError) {
            _ = try HostFile.facts(of: path, followLinks: false)
            return false
        } catch {
            return error.isNotFound
        }
    }

    /// Where a link leads; nil if it is none.
    ///
    /// It must not be somebody else's: in a directory like /tmp they may change it.
    private func target(of path: String) throws(Fault) -> String? {
        do throws(HostError) {
            guard let target = try HostFile.linkTarget(path) else { return nil }
            let owner = try HostFile.facts(of: path, followLinks: false).ownerID
            guard owners.contains(owner) else {
                throw HostError(.invalid("the link belongs to uid \(owner)"), call: "lstat", subject: path)
            }
            return target
        } catch {
            throw Fault(
                problem: "\(path) cannot be relied on (\(error.reason))",
                fix: "make it root's, and readable for this process"
            )
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
}
