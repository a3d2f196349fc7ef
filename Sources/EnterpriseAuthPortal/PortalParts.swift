public import EnterpriseAuth
public import HostSystem

/// What a portal is made of besides its configuration.
public struct PortalParts: Sendable {
    /// Who decides about people.
    public var manager: LoginManager
    /// Who decides about requests to protected hosts.
    public var access: AccessPolicy
    /// Protects what lies in browsers between two requests; nil makes a key anew at each start.
    public var key: SecretBytes?
    /// What has been counted; nil shows no metrics.
    public var metrics: PrometheusRegistry?
    /// Looks whether the parts behind the portal answer.
    public var readiness: @Sendable () async -> PortalReadiness

    /// Puts the parts together.
    /// - Parameters:
    ///   - manager: Who decides about people.
    ///   - access: Who decides about requests to protected hosts.
    ///   - key: Protects what lies in browsers between two requests.
    ///   - metrics: What has been counted.
    ///   - readiness: Looks whether the parts behind the portal answer.
    public init(
        manager: LoginManager,
        access: AccessPolicy,
        key: SecretBytes? = nil,
        metrics: PrometheusRegistry? = nil,
        readiness: @escaping @Sendable () async -> PortalReadiness
    ) {
        self.manager = manager
        self.access = access
        self.key = key
        self.metrics = metrics
        self.readiness = readiness
    }
}
