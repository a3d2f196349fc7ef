public import EnterpriseAuth

/// One counter of the throttle.
public struct ThrottleRecord: Codable, Sendable, Equatable {
    /// What is counted: `account`, `source` or `device`.
    public var kind: String
    /// The name as it is counted; nil for a source.
    public var account: String?
    /// The network; nil for anything else.
    public var source: String?
    /// The device's id; nil for anything else.
    public var device: String?
    /// How many failures are remembered.
    public var failures: Int
    /// When the last one was.
    public var lastFailureAt: String
    /// Until when attempts are refused without asking anybody; nil if the next one is let through.
    public var throttledUntil: String?
    /// When all is forgotten, if nothing more happens.
    public var forgottenAt: String

    /// Describes a counter.
    /// - Parameter entry: The counter.
    public init(_ entry: ThrottleEntry) {
        kind = Self.word(entry.kind)
        account = entry.account.isEmpty ? nil : entry.account
        source = entry.kind.isSource ? entry.origin : nil
        device = entry.kind == .device ? entry.origin : nil
        failures = entry.failures
        lastFailureAt = entry.lastFailureAt.description
        throttledUntil = entry.throttledUntil?.description
        forgottenAt = entry.forgottenAt.description
    }

    private static func word(_ kind: ThrottleKey.Kind) -> String {
        switch kind {
        case .account, .share: "account"
        case .source, .site, .region: "source"
        case .device: "device"
        }
    }
}
