internal import Logging

/// Everything below the login manager, built from one configuration: directories, providers in order, group rules.
public final class LoginAssembly: Sendable {
    /// What it was built from.
    public let configuration: LoginConfiguration

    /// The directories by name.
    public let directories: [String: Directory]

    /// The providers in the order in which they are asked.
    public let providers: ProviderChain

    /// Who is active.
    public let activePolicy: ActivePolicy

    /// Which requests may pass; looks for its groups only once it is started by itself.
    public let accessPolicy: AccessPolicy

    /// Which providers are the same as in another assembly: those of one name and one origin.
    private let origins: [String: Origin]

    /// What a provider keeps that goes from assembly to assembly.
    private final class Origin: Sendable {}

    /// Builds everything without connecting, starting a process or reading a secret yet.
    /// - Parameters:
    ///   - configuration: The configuration.
    ///   - environment: What is needed of the surroundings.
    ///   - predecessor: The assembly whose place this one takes: of it those directories and providers go on that the
    ///     configuration says the same of, with their connections and with logins that wait for an answer.
    /// - Throws: `StartFailures` with everything that cannot be built.
    public init(
        _ configuration: LoginConfiguration,
        environment: LoginEnvironment = LoginEnvironment(),
        succeeding predecessor: LoginAssembly? = nil
    ) throws(StartFailures) {
        var failures: [StartFailure] = []
        let directories = Self.directories(configuration, environment, predecessor, &failures)
        let (origins, providers) = Self.providers(configuration, directories, environment, predecessor, &failures)
        let active = configuration.active
        if let name = active.directory, configuration.directories[name] == nil {
            failures.append(Self.missing("active", "directory “\(name)”"))
        }
        guard failures.isEmpty else { throw StartFailures(failures.sorted { $0.part < $1.part }) }
        self.configuration = configuration
        self.directories = directories
        self.origins = origins
        self.providers = ProviderChain(
            providers: providers,
            onOutage: configuration.login.onOutage,
            logger: environment.logger
        )
        let directory = active.directory.flatMap { directories[$0] }
        accessPolicy = AccessPolicy(configuration, directory: directory, environment: environment)
        activePolicy = ActivePolicy(
            active,
            directory: directory,
            localGroups: environment.localGroups,
            access: accessPolicy,
            logger: environment.logger
        )
    }

    /// Looks whether everything can work, and begins to look after it.
    ///
    /// Failures that waiting may help with need not keep a portal from starting: each part tries again by itself.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong, empty if all is well.
    public func start(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        let ofParts = await withTaskGroup(of: [StartFailure].self) { group in
            for directory in directories.values {
                group.addTask { [await directory.start(deadline: deadline)].compactMap { $0 } }
            }
            for provider in providers.providers where !(provider is LDAPCredentialProvider) {
                group.addTask { await Self.start(provider, deadline: deadline) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let ofRules = await activePolicy.start(deadline: deadline)
        // A directory that does not answer has been named already.
        let directoriesFail = ofParts.contains { $0.part.hasPrefix("directories.") }
        return (ofParts + ofRules.filter { !(directoriesFail && $0.isTemporary) }).sorted { $0.part < $1.part }
    }

    /// Ends all connections, worker processes and background work.
    /// - Parameter other: The assembly that has taken its place, or has kept its own: what the two share goes on.
    public func shutdown(sparing other: LoginAssembly? = nil) async {
        await accessPolicy.shutdown()
        await activePolicy.shutdown()
        for provider in providers.providers where other?.shares(provider, with: self) != true {
            await provider.shutdown()
        }
        for (name, directory) in directories where other?.directories[name] !== directory {
            await directory.shutdown()
        }
    }

    /// Reads the secrets of all directories again; what is bound stays bound.
    ///
    /// A directory goes on with the secret that it has, unless a server has taken the new one.
    /// - Parameter deadline: When to give up asking servers; where none answers, the start finds out.
    /// - Returns: Those that cannot be read, and those that a server refuses.
    public func reloadSecrets(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        var failures: [StartFailure] = []
        for (name, directory) in directories.sorted(by: { $0.key < $1.key }) {
            let part = "directories.\(name).bind_password"
            do {
                guard let outage = try await directory.reload(deadline: deadline) else { continue }
                failures.append(StartFailure(part: part, outage: outage))
            } catch {
                let fix = "see that this process can read it; a secret is not in the configuration itself"
                failures.append(StartFailure(part: part, problem: "\(error)", fix: fix))
            }
        }
        return failures
    }

    private func shares(_ provider: any CredentialProvider, with other: LoginAssembly) -> Bool {
        guard let origin = origins[provider.name] else { return false }
        return other.origins[provider.name] === origin
    }

    /// The provider of a name, if a configuration says the same of it and of its directory.
    private func provider(
        _ name: String,
        ifSameIn other: LoginConfiguration,
        _ others: [String: Directory]
    ) -> (any CredentialProvider)? {
        guard let settings = configuration.providers[name], settings == other.providers[name] else { return nil }
        if let directory = settings.directory, directories[directory] !== others[directory] { return nil }
        return providers.provider(named: name)
    }

    private static func start(
        _ provider: any CredentialProvider,
        deadline: ContinuousClock.Instant
    ) async -> [StartFailure] {
        do throws(StartFailure) {
            try await provider.start(deadline: deadline)
            return []
        } catch {
            return [error]
        }
    }

    private static func directories(
        _ configuration: LoginConfiguration,
        _ environment: LoginEnvironment,
        _ predecessor: LoginAssembly?,
        _ failures: inout [StartFailure]
    ) -> [String: Directory] {
        var directories: [String: Directory] = [:]
        for (name, settings) in configuration.directories {
            if let same = predecessor?.directories[name], predecessor?.configuration.directories[name] == settings {
                directories[name] = same
                continue
            }
            do throws(StartFailure) {
                directories[name] = try Directory(settings, environment: environment)
            } catch {
                failures.append(error)
            }
        }
        return directories
    }

    private static func providers(
        _ configuration: LoginConfiguration,
        _ directories: [String: Directory],
        _ environment: LoginEnvironment,
        _ predecessor: LoginAssembly?,
        _ failures: inout [StartFailure]
    ) -> (origins: [String: Origin], all: [any CredentialProvider]) {
        var origins: [String: Origin] = [:]
        var all: [any CredentialProvider] = []
        for name in configuration.login.providers {
            do throws(StartFailure) {
                if let same = predecessor?.provider(name, ifSameIn: configuration, directories) {
                    origins[name] = predecessor?.origins[name]
                    all.append(same)
                } else {
                    origins[name] = Origin()
                    all.append(try provider(name, configuration, directories, environment))
                }
            } catch {
                failures.append(error)
            }
        }
        return (origins, all)
    }

    private static func provider(
        _ name: String,
        _ configuration: LoginConfiguration,
        _ directories: [String: Directory],
        _ environment: LoginEnvironment
    ) throws(StartFailure) -> any CredentialProvider {
        guard let settings = configuration.providers[name] else {
            throw missing("login.providers", "provider “\(name)”")
        }
        let directory = settings.directory.flatMap { directories[$0] }
        if let wanted = settings.directory, directory == nil {
            throw missing("providers.\(name)", "usable directory “\(wanted)”")
        }
        switch settings {
        case .ldap(let ldap):
            guard let directory else { throw missing("providers.\(name)", "directory “\(ldap.directory)”") }
            return LDAPCredentialProvider(name: name, directory: directory)
        case .pam(let pam):
            return PAMCredentialProvider(
                pam,
                execution: environment.pamExecution(pam),
                people: directory,
                logger: environment.logger
            )
        }
    }

    private static func missing(_ part: String, _ what: String) -> StartFailure {
        StartFailure(part: part, problem: "there is no \(what)", fix: "define it, or correct the name")
    }
}

extension AccessPolicy {
    /// Puts the rules together with what the surroundings give.
    fileprivate convenience init(
        _ configuration: LoginConfiguration,
        directory: Directory?,
        environment: LoginEnvironment
    ) {
        self.init(
            configuration.portal?.access ?? [],
            active: configuration.active,
            directory: directory,
            localGroups: environment.localGroups,
            clock: environment.clock,
            logger: environment.logger
        )
    }
}

extension Directory {
    /// Prepares a directory with what the surroundings give.
    convenience init(
        _ configuration: DirectoryConfiguration,
        environment: LoginEnvironment
    ) throws(StartFailure) {
        try self.init(
            configuration,
            readSecret: environment.readSecret,
            clock: environment.clock,
            logger: environment.logger
        )
    }
}
