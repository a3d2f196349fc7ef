internal import Synchronization

/// Whom a manager asks, and how long that may take: what a configuration says, taken over as a whole.
final class LoginRegime: Sendable {
    let login: LoginSettings
    let sources: PersonSources

    init(login: LoginSettings, sources: PersonSources) {
        self.login = login
        self.sources = sources
    }

    /// The regime of the moment; what has begun under one before comes to its end there.
    final class Current: Sendable {
        private let regime: Mutex<LoginRegime>

        init(_ regime: LoginRegime) {
            self.regime = Mutex(regime)
        }

        var value: LoginRegime { regime.withLock { $0 } }

        func replace(with next: LoginRegime) {
            regime.withLock { $0 = next }
        }
    }
}
