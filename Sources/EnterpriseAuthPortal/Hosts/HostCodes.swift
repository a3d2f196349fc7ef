internal import EnterpriseAuth
internal import HostCrypto
internal import Synchronization

/// The one-time codes by which a login at the portal becomes a session at a protected host.
///
/// A code is good for one use, at one host, for the browser that began there, and for a minute. Only its hash is kept.
final class HostCodes: Sendable {
    /// What a code stands for.
    struct Grant: Sendable {
        let session: ResolvedSession
        /// The host and port that it is good at.
        let authority: String
        /// The hash of the number that the browser got at the host.
        let state: String
        let expiresAt: ContinuousClock.Instant
    }

    static let lifetime: Duration = .seconds(60)
    /// So many codes may be out at once; beyond that the oldest is worthless.
    static let limit = 10_000
    /// So many of one session: tabs that begin at once, and nobody's way to push out other people's.
    static let limitPerSession = 20

    private struct State: Sendable {
        var grants: [SHA256Digest: Grant] = [:]
        var order: [SHA256Digest] = []
        /// The codes of each session, the oldest first.
        var bySession: [SessionID: [SHA256Digest]] = [:]

        mutating func remove(_ digest: SHA256Digest) -> Grant? {
            guard let grant = grants.removeValue(forKey: digest) else { return nil }
            let rest = bySession[grant.session.id]?.filter { $0 != digest } ?? []
            bySession[grant.session.id] = rest.isEmpty ? nil : rest
            return grant
        }
    }

    private let state = Mutex(State())

    /// Makes a code.
    func issue(_ session: ResolvedSession, authority: String, state browser: String) -> String {
        let code = Base64URL.encode(RandomBytes.bytes(32))
        let digest = SHA256Digest(of: code)
        let now = ContinuousClock.now
        let grant = Grant(session: session, authority: authority, state: browser, expiresAt: now + Self.lifetime)
        state.withLock { state in
            while let oldest = state.order.first,
                state.grants.count >= Self.limit || (state.grants[oldest]?.expiresAt ?? now) <= now
            {
                state.order.removeFirst()
                _ = state.remove(oldest)
            }
            if let own = state.bySession[session.id], own.count >= Self.limitPerSession, let first = own.first {
                _ = state.remove(first)
            }
            state.grants[digest] = grant
            state.bySession[session.id, default: []].append(digest)
            state.order.append(digest)
        }
        return code
    }

    /// Takes what a code stands for; the code is worthless from then on, whatever comes of it.
    func redeem(_ code: String) -> Grant? {
        let digest = SHA256Digest(of: code)
        let grant = state.withLock { $0.remove(digest) }
        guard let grant, ContinuousClock.now < grant.expiresAt else { return nil }
        return grant
    }
}
