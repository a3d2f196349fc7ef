internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import EnterpriseAuthSQLite
internal import HostSystem
internal import Logging
internal import Metrics
internal import UnixSignals

/// Everything that a portal needs, from the first look at its parts to the last write to the store.
enum PortalDesk {
    /// Descriptors that are for other things than connections: directories, workers, files.
    private static let otherDescriptors = 256

    /// Opens everything, serves, and closes everything.
    /// - Parameters:
    ///   - configuration: What to serve; `[portal]` is there.
    ///   - file: Where it was read from.
    ///   - logger: Takes a line about the portal's doings.
    /// - Throws: `Stop` if it cannot begin.
    static func serve(_ configuration: LoginConfiguration, from file: String, logger: Logger) async throws {
        // From here on a SIGHUP does not end the process.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        raiseDescriptorLimit(configuration.portal, logger)
        let sockets = try listeningSockets(configuration.portal)
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(metrics)
        let assembly = try GlobalOptions.assemble(configuration)
        let auditFile = try LoginDesk.openAuditFile(configuration.audit)
        let store = try await openStore(configuration)
        let manager = LoginManager(assembly, store: store, auditFile: auditFile)
        let result: Result<Void, any Error>
        var last = assembly
        do {
            try await start(assembly, logger)
            let setup = try setup(assembly, manager, try await key(manager), metrics)
            let service = PortalService(setup, manager: manager, sockets: sockets, file: file, logger: logger)
            last = try await service.run(hangUps: hangUps)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await manager.close()
        await last.shutdown()
        await auditFile?.flush()
        try result.get()
    }

    private static func raiseDescriptorLimit(_ portal: PortalConfiguration?, _ logger: Logger) {
        let limit: DescriptorLimit
        do throws(HostError) {
            limit = try DescriptorLimit.raise()
        } catch {
            logger.warning("the limit of descriptors cannot be raised", metadata: ["error": "\(error)"])
            limit = .now
        }
        logger.info("descriptors", metadata: ["limit": "\(limit.current)"])
        let wanted = UInt64((portal?.maxConnections ?? 0) + otherDescriptors)
        guard limit.current < wanted else { return }
        logger.warning(
            """
            portal.max_connections is more than this process may open: write LimitNOFILE=\(wanted) into its unit, or a \
            smaller number into the file
            """,
            metadata: ["limit": "\(limit.current)"]
        )
    }

    private static func listeningSockets(_ portal: PortalConfiguration?) throws -> ListeningSockets {
        do {
            let sockets = try ListeningSockets(try PassedSocket.takeAll())
            guard portal?.internalListen != nil || !sockets.hasInternal else {
                throw PortalProblem(
                    "The service manager has passed a socket “internal”, and portal.internal_listen is \"none\"."
                )
            }
            return sockets
        } catch {
            throw Stop.misconfigured("\(error)")
        }
    }

    /// Looks whether everything can work; what waiting may help with keeps nobody from starting.
    private static func start(_ assembly: LoginAssembly, _ logger: Logger) async throws {
        let deadline = ContinuousClock.now + assembly.configuration.login.deadline
        let failures = await assembly.start(deadline: deadline) + assembly.accessPolicy.start(deadline: deadline)
        let mistakes = failures.filter { !$0.isTemporary }
        guard mistakes.isEmpty else { throw Stop(mistakes) }
        for failure in failures {
            logger.error("something does not answer yet", metadata: ["failure": "\(failure)"])
        }
    }

    private static func key(_ manager: LoginManager) async throws -> SecretBytes {
        do throws(Outage) {
            return try await manager.secret(named: "web forms")
        } catch {
            throw Stop.unavailable(error)
        }
    }

    private static func setup(
        _ assembly: LoginAssembly,
        _ manager: LoginManager,
        _ key: SecretBytes,
        _ metrics: PrometheusRegistry
    ) throws -> PortalSetup {
        do throws(PortalProblem) {
            return try PortalSetup(assembly, manager: manager, key: key, metrics: metrics)
        } catch {
            throw Stop.misconfigured("\(error)")
        }
    }

    private static func openStore(_ configuration: LoginConfiguration) async throws -> (any SessionStore)? {
        guard case .sqlite(let path) = configuration.session.store else { return nil }
        do {
            return try await SQLiteSessionStore.open(path)
        } catch {
            throw Stop(error)
        }
    }
}
