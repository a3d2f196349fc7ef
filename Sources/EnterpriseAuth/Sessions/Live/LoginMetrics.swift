internal import Metrics

/// What is counted and measured, by the names that operators see.
struct LoginMetrics: Sendable {
    private let active = Counter(label: "ent_login_resolves_total", dimensions: [("result", "active")])
    private let anonymous = Counter(label: "ent_login_resolves_total", dimensions: [("result", "anonymous")])
    private let unavailable = Counter(label: "ent_login_resolves_total", dimensions: [("result", "unavailable")])
    private let sessionGauge = Gauge(label: "ent_login_sessions")
    private let recheckTimer = Timer(label: "ent_login_recheck_duration")

    func count(_ resolution: Resolution) {
        switch resolution {
        case .active: active.increment()
        case .anonymous: anonymous.increment()
        case .unavailable: unavailable.increment()
        }
    }

    func countLogin(outcome: LoginEvent.Outcome, reason: String, provider: String) {
        let dimensions = [("outcome", outcome.rawValue), ("reason", reason), ("provider", provider)]
        Counter(label: "ent_login_logins_total", dimensions: dimensions).increment()
    }

    func countThrottled(by counter: String) {
        Counter(label: "ent_login_throttled_total", dimensions: [("by", counter)]).increment()
    }

    func sessions(_ count: Int) {
        sessionGauge.record(count)
    }

    func recheck(_ outcome: CheckOutcome, took duration: Duration) {
        let result =
            switch outcome {
            case .stands: "stands"
            case .ended: "ended"
            case .unavailable: "unavailable"
            }
        Counter(label: "ent_login_rechecks_total", dimensions: [("result", result)]).increment()
        let (seconds, attoseconds) = duration.components
        recheckTimer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
