/// `[[portal.access]]`: one rule of forward authentication.
///
/// A request matches if every part that the rule has matches it. The first rule that matches decides.
public struct AccessRuleConfiguration: Sendable, Equatable {
    /// Who may pass.
    public enum Allowed: String, Sendable, CaseIterable {
        /// Active people, and of those the ones whose groups fit.
        case active
        /// Whoever asks, logged in or not.
        case everyone
        /// Nobody.
        case nobody
    }

    /// The host: a name, or `*.` and a domain.
    public var host: String
    /// Path prefixes; empty means every path.
    ///
    /// `/docs` matches `/docs` and `/docs/x`, not `/docsx`.
    public var paths: [String] = []
    /// Methods in capitals; empty means every method.
    public var methods: [String] = []
    /// Networks of the client; empty means every address.
    public var networks: [NetworkRange] = []
    /// Who may pass.
    public var allow: Allowed = .active
    /// The rule about groups, with `allow == .active`; an empty one holds for every active person.
    public var groups = GroupRequirementConfiguration()

    /// Makes a rule that lets every active person pass.
    /// - Parameter host: The host: a name, or `*.` and a domain.
    public init(host: String) {
        self.host = host
    }
}
