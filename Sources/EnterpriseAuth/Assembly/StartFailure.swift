/// Why a part of the login may not start: what it would say could not be trusted, or it can never answer.
public struct StartFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which part, as the configuration names it: `directories.corp`, `providers.host`, `active`.
    public let part: String

    /// What is wrong, with the server, group or file it is wrong in.
    public let problem: String

    /// What to do about it.
    public let fix: String

    /// Whether waiting may help: true for an outage, false for a mistake in the configuration.
    public let isTemporary: Bool

    /// Puts a failure together.
    /// - Parameters:
    ///   - part: Which part, as the configuration names it.
    ///   - problem: What is wrong.
    ///   - fix: What to do about it.
    ///   - isTemporary: Whether waiting may help.
    public init(part: String, problem: String, fix: String, isTemporary: Bool = false) {
        self.part = part
        self.problem = problem
        self.fix = fix
        self.isTemporary = isTemporary
    }

    /// Says what an outage means for the start.
    /// - Parameters:
    ///   - part: Which part, as the configuration names it.
    ///   - outage: Why nobody answered.
    public init(part: String, outage: Outage) {
        let fix =
            switch outage.kind {
            case .misconfigured: "correct the configuration, or the rights of the service account"
            case .tls: "compare tls.ca_file, the name in the URL and the dates with the server's certificate"
            default: "look whether the server is up and reachable from here"
            }
        self.init(part: part, problem: outage.description, fix: fix, isTemporary: outage.kind != .misconfigured)
    }

    /// One line: which part, what, and the fix.
    public var description: String { "\(part): \(problem) (\(fix))" }
}
