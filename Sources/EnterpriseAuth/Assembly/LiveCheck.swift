internal import HostSystem

/// Replays the way of a login against every server and every PAM stack, step by step: `ent-login check --live`.
///
/// Each server is asked by itself, so that a broken second server does not hide behind a good first one. No password of
/// a person is needed or tried: a name that nobody can have goes through every provider and must be refused.
public struct LiveCheck: Sendable {
    /// A name that nobody has; it is valid everywhere, so that nothing refuses it for its form.
    static let stranger = "ent-login-check-nobody"

    private let configuration: LoginConfiguration
    private let environment: LoginEnvironment
    private let limit: Duration

    /// Prepares a check.
    /// - Parameters:
    ///   - configuration: What to check.
    ///   - environment: What a login needs of its surroundings.
    ///   - limit: The time for one server or one stack.
    public init(
        _ configuration: LoginConfiguration,
        environment: LoginEnvironment = LoginEnvironment(),
        limit: Duration = .seconds(10)
    ) {
        self.configuration = configuration
        self.environment = environment
        self.limit = limit
    }

    /// Asks every server and every stack, one after the other.
    /// - Returns: Every step, and what is wrong.
    public func run() async -> LiveCheckReport {
        let trace = DecisionTrace()
        let findings = LiveCheckFindings()
        await DecisionTrace.$current.withValue(trace) {
            for (_, directory) in configuration.directories.sorted(by: { $0.key < $1.key }) {
                for url in directory.urls {
                    var single = directory
                    single.urls = [url]
                    await check(single, findings)
                }
            }
            await checkProviders(findings)
            await checkLocalRules(findings)
        }
        return findings.report(steps: trace.steps)
    }

    private func check(_ single: DirectoryConfiguration, _ findings: LiveCheckFindings) async {
        let directory: Directory
        do throws(StartFailure) {
            directory = try Directory(single, environment: environment)
        } catch {
            findings.add(error)
            return
        }
        let check = LiveServerCheck(
            directory: directory,
            rules: configuration.active.directory == directory.name ? groupRules : [],
            deadline: .now + limit,
            logger: environment.logger
        )
        await check.run(findings)
        await directory.shutdown()
    }

    /// Starts every PAM stack and sends the stranger through it.
    private func checkProviders(_ findings: LiveCheckFindings) async {
        let assembly: LoginAssembly
        do throws(StartFailures) {
            assembly = try LoginAssembly(configuration, environment: environment)
        } catch {
            for failure in error.failures { findings.add(failure) }
            return
        }
        for provider in assembly.providers.providers where !(provider is LDAPCredentialProvider) {
            await check(provider, findings)
        }
        await assembly.shutdown()
    }

    private func check(_ provider: any CredentialProvider, _ findings: LiveCheckFindings) async {
        let part = "providers.\(provider.name)"
        let deadline = ContinuousClock.now + limit
        do throws(StartFailure) {
            try await provider.start(deadline: deadline)
            record("start", part, "ok", "")
        } catch {
            record("start", part, error.isTemporary ? "unavailable" : "misconfigured", error.problem)
            findings.add(error)
            return
        }
        guard let credentials = try? Credentials(username: Self.stranger, password: .init(Self.stranger.utf8)) else {
            return
        }
        let outcome = await provider.verify(credentials, deadline: deadline)
        switch outcome {
        case .refused where !stackAccepted:
            record("stranger", part, "ok", "refused")
        case .challenge:
            record("stranger", part, "ok", "asks for more than a password")
        case .unavailable(let outage):
            record("stranger", part, "unavailable", outage.description)
            findings.add(StartFailure(part: part, outage: outage))
        case .refused, .verified, .passwordChangeRequired:
            record("stranger", part, "misconfigured", "accepted")
            let problem = "the stack accepts any password of a person who does not exist (\(Self.stranger))"
            findings.add(StartFailure(part: part, problem: problem, fix: "look in it for pam_permit and the like"))
        }
    }

    /// Whether the stack itself said yes to the stranger, whatever the provider made of that.
    private var stackAccepted: Bool {
        let step = DecisionTrace.current?.steps.last { $0.step == "pam" }
        return step?.request == Self.stranger && step?.code == 0
    }

    private func checkLocalRules(_ findings: LiveCheckFindings) async {
        guard configuration.active.source == .unix else { return }
        for (part, requirement) in groupRules {
            let deadline = ContinuousClock.now + limit
            let failures = await LocalRule.check(
                requirement.references,
                in: environment.localGroups,
                part: part,
                deadline: deadline
            )
            record("rule_group", part, failures.isEmpty ? "ok" : "misconfigured", "local groups")
            for failure in failures { findings.add(failure) }
        }
    }

    /// Every rule about groups, and the part of the configuration that it is.
    private var groupRules: [(part: String, requirement: GroupRequirementConfiguration)] {
        let active = configuration.active
        let access = (configuration.portal?.access ?? []).enumerated().map { index, rule in
            (AccessPolicy.part(index), rule.groups)
        }
        return ((active.everyone ? [] : [("active", active.requirement)]) + access).filter { !$0.1.isEmpty }
    }

    private func record(_ step: String, _ target: String, _ result: String, _ detail: String) {
        DecisionTrace.record(DecisionStep(step: step, target: target, result: result, detail: detail))
    }
}
