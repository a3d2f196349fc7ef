internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import HostSystem

/// A configuration made into what a portal serves: its parts, its pages, its certificate.
struct PortalSetup: Sendable {
    let assembly: LoginAssembly
    let portal: Portal
    let certificate: PortalCertificate?
    private let manager: LoginManager
    private let key: SecretBytes
    private let metrics: PrometheusRegistry

    /// Reads the files of `[portal]`; blocks for as long as the disk takes.
    /// - Parameters:
    ///   - assembly: The configuration's parts.
    ///   - manager: Who decides about people.
    ///   - key: Protects what lies in browsers between two requests.
    ///   - metrics: What has been counted.
    /// - Throws: `PortalProblem` with the file that cannot be used.
    init(
        _ assembly: LoginAssembly,
        manager: LoginManager,
        key: SecretBytes,
        metrics: PrometheusRegistry
    ) throws(PortalProblem) {
        try self.init(assembly, manager: manager, key: key, metrics: metrics, succeeding: nil)
    }

    private init(
        _ assembly: LoginAssembly,
        manager: LoginManager,
        key: SecretBytes,
        metrics: PrometheusRegistry,
        succeeding predecessor: Portal?
    ) throws(PortalProblem) {
        guard let settings = assembly.configuration.portal else { throw PortalProblem("There is no [portal].") }
        self.assembly = assembly
        (self.manager, self.key, self.metrics) = (manager, key, metrics)
        certificate = try settings.tls.map { files throws(PortalProblem) in try PortalCertificate(reading: files) }
        let parts = PortalParts(manager: manager, access: assembly.accessPolicy, key: key, metrics: metrics) {
            Self.readiness(of: assembly)
        }
        portal = try Portal(
            parts,
            appearance: try PortalAppearance(reading: settings),
            configuration: assembly.configuration,
            succeeding: predecessor
        )
    }

    /// Makes what takes this one's place; blocks for as long as the disk takes.
    /// - Parameter assembly: The parts of another configuration.
    /// - Returns: The successor.
    /// - Throws: `PortalProblem` with the file that cannot be used.
    func successor(_ assembly: LoginAssembly) throws(PortalProblem) -> PortalSetup {
        try PortalSetup(assembly, manager: manager, key: key, metrics: metrics, succeeding: portal)
    }

    private static func readiness(of assembly: LoginAssembly) -> PortalReadiness {
        let parts = assembly.directories.values.map { directory in
            let servers = directory.serversUp
            return PortalReadiness.Part(name: directory.name, isReady: servers.values.contains(true), servers: servers)
        }
        return PortalReadiness(directories: parts.sorted { $0.name < $1.name })
    }
}
