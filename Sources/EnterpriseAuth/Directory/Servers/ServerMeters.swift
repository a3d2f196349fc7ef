internal import Metrics

/// What operators can count and time of one server.
struct ServerMeters: Sendable {
    /// What was asked of the server.
    enum Operation: String, Sendable, CaseIterable {
        /// A search as the service account.
        case search
        /// A bind as the person.
        case bind
    }

    private let dimensions: [(String, String)]
    private let searches: Timer
    private let binds: Timer
    private let up: Gauge

    init(directory: String, server: String) {
        dimensions = [("directory", directory), ("server", server)]
        searches = Timer(label: "ent_login_ldap_operation_duration", dimensions: dimensions + [("operation", "search")])
        binds = Timer(label: "ent_login_ldap_operation_duration", dimensions: dimensions + [("operation", "bind")])
        up = Gauge(label: "ent_login_ldap_server_up", dimensions: dimensions)
        up.record(1)
    }

    func answered(_ operation: Operation, after duration: Duration) {
        switch operation {
        case .search: searches.record(duration: duration)
        case .bind: binds.record(duration: duration)
        }
    }

    func failed(_ operation: Operation, _ kind: Outage.Kind) {
        let more = [("operation", operation.rawValue), ("kind", kind.rawValue)]
        Counter(label: "ent_login_ldap_failures_total", dimensions: dimensions + more).increment()
    }

    func isUp(_ isUp: Bool) {
        up.record(isUp ? 1 : 0)
    }
}
