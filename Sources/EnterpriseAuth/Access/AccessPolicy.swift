public import Logging

/// Decides which requests to protected hosts may pass: the rules of `[[portal.access]]` (forward authentication).
///
/// The first rule that matches decides, and no match denies. Where it cannot be told whether a rule matches, nothing below
/// it decides either: the request is forbidden. Deciding touches memory only; which groups the rules mean is looked up at
/// the start and again every `[active] recheck`, and a rule whose groups are not all there lets nobody pass.
public final class AccessPolicy: Sendable {
    private let rules: [AccessRule]
    private let recheck: Duration
    private let keeper = RepeatedLook()

    /// The rules that name groups of the directory.
    var directoryGroups: [RuleGroups] { rules.compactMap(\.directoryGroups) }

    /// Puts the rules together without asking anybody yet.
    /// - Parameters:
    ///   - rules: `[[portal.access]]`.
    ///   - active: `[active]`, which names the directory whose groups are meant.
    ///   - directory: That directory, nil if it names none.
    ///   - localGroups: The host's own files, for `source = "unix"`.
    ///   - clock: Tells the time of day.
    ///   - logger: Takes a line when a group of the rules vanishes and when it is back.
    public init(
        _ rules: [AccessRuleConfiguration],
        active: ActiveConfiguration,
        directory: Directory?,
        localGroups: (any LocalGroups)?,
        clock: any WallClock = SystemWallClock(),
        logger: Logger = Logger(label: "ent-login.access")
    ) {
        recheck = active.recheck
        let localGroups = active.source == .unix ? localGroups : nil
        self.rules = rules.enumerated().map { index, rule in
            let part = Self.part(index)
            let names = rule.groups.isEmpty ? nil : rule.groups
            let ofDirectory = names.flatMap { names in
                directory.map { directory in
                    RuleGroups(
                        names,
                        part: part,
                        recheck: active.recheck,
                        of: directory,
                        logger: logger,
                        clock: clock
                    )
                }
            }
            let ofHost = names.flatMap { names in
                localGroups.map { LocalRuleGroups(names, part: part, recheck: active.recheck, groups: $0) }
            }
            return AccessRule(rule, place: "portal.access[\(index)]", directoryGroups: ofDirectory, localGroups: ofHost)
        }
    }

    /// What the configuration calls the groups of a rule.
    static func part(_ index: Int) -> String { "portal.access[\(index)].groups" }

    /// Looks every group of the rules up, and keeps looking at them every `recheck` until `shutdown`.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong, empty if the rules can be applied.
    public nonisolated(nonsending) func start(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        let failures = await recheck(deadline: deadline)
        guard rules.contains(where: { $0.requirement != nil }) else { return failures }
        keeper.start(every: recheck) { [weak self, recheck] in
            await self?.recheck(deadline: .now + min(recheck, .seconds(30))) != nil
        }
        return failures
    }

    /// Looks at the groups of the rules again, as happens by itself every `recheck`.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong.
    @discardableResult
    public nonisolated(nonsending) func recheck(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        var failures: [StartFailure] = []
        for rule in rules {
            failures += await rule.directoryGroups?.resolve(deadline: deadline) ?? []
            failures += await rule.localGroups?.resolve(deadline: deadline) ?? []
        }
        return failures
    }

    /// Ends looking at the groups of the rules.
    public nonisolated(nonsending) func shutdown() async {
        await keeper.stop()
        for rule in rules { await rule.directoryGroups?.stop() }
    }

    /// Whether some rule is about a host, whatever it says.
    /// - Parameter host: The host's name in lower case.
    /// - Returns: True if the host is one that the rules protect.
    public func protects(_ host: String) -> Bool {
        rules.contains { $0.isAbout(host) }
    }

    /// Decides about a request.
    /// - Parameters:
    ///   - request: The request.
    ///   - session: The live session that it came with, nil if it came with none.
    /// - Returns: What the first rule that matches says.
    public func decide(_ request: AccessRequest, for session: ResolvedSession?) -> AccessDecision {
        guard let session else { return decide(request, for: nil, checkedAt: nil) }
        return decide(request, for: session.directoryUser, checkedAt: Timestamp(milliseconds: session.verdictAt))
    }

    /// Decides about a request of somebody whom the sources have just shown.
    /// - Parameters:
    ///   - request: The request.
    ///   - user: Who asks; nil for a visitor.
    ///   - checkedAt: When the sources were asked about the person; nil if that was just now.
    /// - Returns: What the first rule that matches says.
    public func decide(_ request: AccessRequest, for user: DirectoryUser?, checkedAt: Timestamp?) -> AccessDecision {
        guard request.hasPlainMethod else { return AccessDecision(.forbidden, "the method is no plain method") }
        var known: RequestPath?
        // Most rules are about a whole host.
        let path = {
            let path = known ?? RequestPath(target: request.target)
            known = path
            return path
        }
        for (index, rule) in rules.enumerated() {
            switch rule.matches(request, path: path) {
            case .no: continue
            case .doubtful(let reason): return AccessDecision(.forbidden, rule: index, reason)
            case .yes:
                let (verdict, reason) = rule.decide(user, checkedAt: checkedAt)
                return AccessDecision(verdict, rule: index, reason)
            }
        }
        return AccessDecision(.forbidden, "no rule of [[portal.access]] is about this request")
    }
}
