extension Outage {
    /// What kept a source from answering.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// No server could be reached, or it went away before it answered.
        case unreachable
        /// The deadline passed.
        case timeout
        /// The caller went away.
        case cancelled
        /// The server answered that it cannot answer now.
        case busy
        /// TLS failed: no encryption, or not the server we know.
        case tls
        /// Our own side is set up wrong: service account refused, vanished group, two entries for one name.
        case misconfigured
        /// A worker process died or was killed.
        case workerDied = "worker_died"
        /// Our own limits: every worker or connection is in use.
        case overloaded
        /// A fault of ours.
        case `internal`
    }
}
