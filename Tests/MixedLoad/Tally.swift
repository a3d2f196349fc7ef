/// What has happened so far, by name, and what should not have.
actor Tally {
    private var counts: [String: Int] = [:]
    private(set) var complaints: [String] = []

    /// Counts something that may happen.
    func count(_ what: String) {
        counts[what, default: 0] += 1
    }

    /// Notes something that must not happen.
    func complain(_ text: String) {
        complaints.append(text)
    }

    /// How often something has happened.
    subscript(what: String) -> Int { counts[what] ?? 0 }

    /// Prints the counts.
    ///
    /// Load under which nothing happened shows nothing, so that is wrong as well.
    func report() {
        for what in ["logged in", "passed", "logged out", "refused", "unavailable", "directory killed", "reloaded"]
        where counts[what] == nil {
            complaints.append("“\(what)” has never happened: this was no test")
        }
        for (what, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(count)\t\(what)") }
    }
}
