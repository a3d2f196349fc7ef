public import EnterpriseAuth

/// One table of scenarios with one expected outcome each, for every credential provider.
///
/// Give it the people that stand behind the provider, and run each scenario as a test of its own:
///
/// ```swift
/// @Test(arguments: suite.scenarios)
/// func conforms(_ scenario: ProviderConformanceSuite.Scenario) async {
///     let result = await suite.run(scenario, against: provider, judge: policy)
///     #expect(result.hasPassed, "\(result)")
/// }
/// ```
///
/// A scenario that a backend cannot have is left out by its traits; the rest holds for all of them. No scenario waits
/// for anything, and none tries the password of a person whom wrong passwords would lock.
public struct ProviderConformanceSuite: Sendable {
    /// Somebody who is active, and on whom most scenarios are tried.
    public let active: Person

    /// Everybody else, with the outcome to expect of the right password.
    public let people: [Person]

    /// What the backend can do.
    public let traits: Set<Trait>

    /// The time for one question to the provider.
    public let limit: Duration

    /// Puts a suite together.
    /// - Parameters:
    ///   - active: Somebody who is active, whose password is at least four letters, and whom wrong passwords do not lock.
    ///   - people: Everybody else.
    ///   - traits: What the backend can do.
    ///   - limit: The time for one question to the provider.
    public init(
        active: Person,
        people: [Person] = [],
        traits: Set<Trait> = [],
        limit: Duration = .seconds(60)
    ) {
        self.active = active
        self.people = people
        self.traits = traits
        self.limit = limit
    }

    /// Every scenario that the backend can have.
    public var scenarios: [Scenario] {
        (logins + behaviours).filter { $0.needs.isSubset(of: traits) }
    }

    /// Runs every scenario, one after the other.
    /// - Parameters:
    ///   - provider: The provider.
    ///   - judge: Who decides whether a person is active; nil takes everybody for active.
    /// - Returns: The results in the order of the scenarios.
    public func run(against provider: any CredentialProvider, judge: (any ActivityJudge)? = nil) async -> [Result] {
        var results: [Result] = []
        for scenario in scenarios {
            results.append(await run(scenario, against: provider, judge: judge))
        }
        return results
    }

    /// Runs one scenario.
    /// - Parameters:
    ///   - scenario: One of `scenarios`.
    ///   - provider: The provider.
    ///   - judge: Who decides whether a person is active; nil takes everybody for active.
    /// - Returns: What came of it.
    public func run(
        _ scenario: Scenario,
        against provider: any CredentialProvider,
        judge: (any ActivityJudge)? = nil
    ) async -> Result {
        let runner = ScenarioRunner(provider: provider, judge: judge, limit: limit)
        let observations = await runner.observe(scenario.question)
        return Result(scenario: scenario, observations: observations)
    }
}
