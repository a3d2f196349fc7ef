internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import HostSystem
internal import LocalSocket
internal import Logging

/// Reads the configuration again while the portal runs, and puts what it says in the place of what there was.
///
/// Nothing changes unless all of it can be used. One reload at a time: whoever asks meanwhile gets one of their own
/// afterwards, because the file may have changed since.
actor PortalReloader {
    /// Why what runs stays.
    private struct Refusal: Error {
        let result: ReloadResult

        static func misconfigured(_ problems: [String]) -> Refusal {
            Refusal(result: .misconfigured(problems: problems))
        }

        static func unavailable(_ problems: [String]) -> Refusal { Refusal(result: .unavailable(problems: problems)) }
    }

    /// What runs.
    private(set) var setup: PortalSetup
    private let manager: LoginManager
    private let server: PortalServer
    private let load: @Sendable () throws(Stop) -> LoadedConfiguration
    private let notifier: ServiceNotifier?
    private let logger: Logger
    private let files = BlockingExecutor(name: "reload", width: 1, queueLimit: 16)
    private var queue: Task<ReloadResult, Never>?
    /// What does not serve new requests any more and still those that have begun.
    private var retiring: [UInt64: Task<Void, Never>] = [:]
    private var count: UInt64 = 0

    init(
        _ setup: PortalSetup,
        manager: LoginManager,
        server: PortalServer,
        notifier: ServiceNotifier?,
        logger: Logger,
        load: @escaping @Sendable () throws(Stop) -> LoadedConfiguration
    ) {
        (self.setup, self.manager, self.server, self.load) = (setup, manager, server, load)
        (self.notifier, self.logger) = (notifier, logger)
    }

    /// Reads the configuration again.
    /// - Returns: Whether it is in use now, and what is wrong or doubtful about it.
    func reload() async -> ReloadResult {
        let before = queue
        let task = Task {
            _ = await before?.value
            return await self.reloadNow()
        }
        queue = task
        return await task.value
    }

    /// Closes what was retiring; called when nothing is under way any more.
    func finish() async {
        _ = await queue?.value
        for task in retiring.values { task.cancel() }
        for task in retiring.values { await task.value }
    }

    private func reloadNow() async -> ReloadResult {
        tell("RELOADING=1\nMONOTONIC_USEC=\(MonotonicTime.nowMicroseconds)\nSTATUS=reading the configuration")
        let result = await replace()
        switch result {
        case .reloaded(let warnings):
            for warning in warnings { logger.warning("\(warning)") }
            logger.notice("the configuration has been read again and is in use")
        case .misconfigured(let problems), .unavailable(let problems):
            for problem in problems { logger.critical("\(problem)") }
            logger.critical("the configuration was read again and cannot be used: the one before stays in force")
        }
        tell("READY=1\nSTATUS=serving")
        return result
    }

    private func tell(_ state: String) {
        do {
            try notifier?.send(state)
        } catch {
            logger.warning("the service manager cannot be told", metadata: ["error": "\(error)"])
        }
    }

    private func replace() async -> ReloadResult {
        let old = setup
        do throws(Refusal) {
            let (next, warnings) = try await prepare(succeeding: old)
            manager.adopt(
                next.assembly.configuration,
                chain: next.assembly.providers,
                judge: next.assembly.activePolicy
            )
            server.adopt(next.portal, certificate: next.certificate)
            setup = next
            retire(old.assembly, for: next.assembly)
            return .reloaded(warnings: warnings)
        } catch {
            return error.result
        }
    }

    /// Puts all of it together without touching what runs.
    private func prepare(
        succeeding old: PortalSetup
    ) async throws(Refusal) -> (next: PortalSetup, warnings: [String]) {
        let loaded = try await read()
        guard loaded.configuration.portal != nil else {
            throw .misconfigured(["The file has no [portal] any more: stop the service if that is meant."])
        }
        let (configuration, kept) = RestartKeys.keep(old.assembly.configuration, in: loaded.configuration)
        let assembly: LoginAssembly
        do throws(StartFailures) {
            assembly = try LoginAssembly(configuration, succeeding: old.assembly)
        } catch {
            throw .misconfigured(error.failures.map(\.description))
        }
        do throws(Refusal) {
            let doubts = try await start(assembly, succeeding: old.assembly)
            let next = try await files(old, assembly)
            return (next, loaded.warnings.map(\.description) + kept + doubts)
        } catch {
            await assembly.shutdown(sparing: old.assembly)
            throw error
        }
    }

    private func read() async throws(Refusal) -> LoadedConfiguration {
        let result: Result<LoadedConfiguration, Stop>
        do throws(HostError) {
            result = try await files.run(deadline: .now + .seconds(30)) { [load] () throws(HostError) in
                do throws(Stop) {
                    return Result<LoadedConfiguration, Stop>.success(try load())
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .unavailable(["The configuration file cannot be read: \(error)"])
        }
        do throws(Stop) {
            return try result.get()
        } catch {
            throw .misconfigured(error.answer.notes.map(\.text))
        }
    }

    /// Looks whether everything can work.
    ///
    /// A directory that is new here and does not answer may be a mistake of the file as well as an outage: then what runs
    /// stays. One that was there before and is silent now keeps nobody from changing the rest.
    /// - Returns: What does not answer now.
    private func start(
        _ assembly: LoginAssembly,
        succeeding old: LoginAssembly
    ) async throws(Refusal) -> [String] {
        let deadline = ContinuousClock.now + assembly.configuration.login.deadline
        let ofSecrets = await assembly.reloadSecrets(deadline: deadline)
        guard ofSecrets.isEmpty else { throw .misconfigured(ofSecrets.map(\.description)) }
        let failures = await assembly.start(deadline: deadline) + assembly.accessPolicy.start(deadline: deadline)
        let mistakes = failures.filter { !$0.isTemporary }
        guard mistakes.isEmpty else { throw .misconfigured(mistakes.map(\.description)) }
        let new = assembly.directories.filter { $0.value !== old.directories[$0.key] }.keys
        let silent = failures.filter { failure in new.contains { failure.part == "directories.\($0)" } }
        guard silent.isEmpty else { throw .unavailable(silent.map(\.description)) }
        return failures.map(\.description)
    }

    private func files(
        _ old: PortalSetup,
        _ assembly: LoginAssembly
    ) async throws(Refusal) -> PortalSetup {
        let result: Result<PortalSetup, PortalProblem>
        do throws(HostError) {
            result = try await files.run(deadline: .now + .seconds(30)) { () throws(HostError) in
                do throws(PortalProblem) {
                    return Result<PortalSetup, PortalProblem>.success(try old.successor(assembly))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .unavailable(["The files of [portal] cannot be read: \(error)"])
        }
        do throws(PortalProblem) {
            return try result.get()
        } catch {
            throw .misconfigured([error.description])
        }
    }

    /// Ends what no request asks any more, once those that have begun are over.
    private func retire(_ old: LoginAssembly, for next: LoginAssembly) {
        count += 1
        let id = count
        // A login ends by its deadline; what it has begun then gets a moment.
        let patience = old.configuration.login.deadline + .seconds(2)
        retiring[id] = Task {
            try? await Task.sleep(for: patience)
            await old.shutdown(sparing: next)
            self.forget(id)
        }
    }

    private func forget(_ id: UInt64) {
        retiring[id] = nil
    }
}
