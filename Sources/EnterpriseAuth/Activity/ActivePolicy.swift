internal import LDAPClient
public import Logging

/// Decides who is active by the groups that `[active]` names.
///
/// Each person is judged by where they come from: people of the directory by its groups, local people by the local group
/// file. A person whose source has no rule is never active. The groups that the rule names are resolved to exactly one
/// entry each, at the start and again every `recheck`; while one is missing or ambiguous nobody is judged at all, because
/// a vanished deny group would let everybody in.
public final class ActivePolicy: ActivityJudge {
    private let configuration: ActiveConfiguration
    private let directory: DirectoryRule?
    private let local: LocalRule?
    private let logger: Logger
    private let keeper = RepeatedLook()

    /// The thread that reads the answers of all directories, if one is asked.
    public var executor: (any TaskExecutor)? { directory == nil ? nil : LDAPExecutor.shared }

    /// Puts the rules together without asking anybody yet.
    /// - Parameters:
    ///   - configuration: `[active]`.
    ///   - directory: The directory that `[active] directory` names, nil if it names none.
    ///   - localGroups: The host's own files, for `source = "unix"`.
    ///   - access: The access rules, whose groups people are to be known by; nil if there are none.
    ///   - logger: Takes a line when a group of the rules vanishes and when it is back.
    public init(
        _ configuration: ActiveConfiguration,
        directory: Directory?,
        localGroups: (any LocalGroups)?,
        access: AccessPolicy? = nil,
        logger: Logger = Logger(label: "ent-login.active")
    ) {
        self.configuration = configuration
        self.logger = logger
        self.directory = directory.map {
            DirectoryRule($0, configuration, named: access?.directoryGroups ?? [], logger: logger)
        }
        local =
            configuration.source == .unix
            ? localGroups.map { LocalRule($0, configuration.requirement, minimumUID: configuration.minimumUID) } : nil
    }

    /// Resolves the groups of the rules, and keeps looking at them every `recheck` until `shutdown`.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong, empty if the rules can be applied.
    public nonisolated(nonsending) func start(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        guard !configuration.everyone else { return [] }
        let failures = await recheck(deadline: deadline)
        guard let directory else { return failures }
        keeper.start(every: configuration.recheck) { [weak directory, recheck = configuration.recheck] in
            await directory?.resolve(deadline: .now + min(recheck, .seconds(30))) != nil
        }
        return failures
    }

    /// Looks at the groups of the rules again, as happens by itself every `recheck`.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong.
    @discardableResult
    public nonisolated(nonsending) func recheck(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        let ofDirectory = await directory?.resolve(deadline: deadline) ?? []
        let ofHost = await local?.check(deadline: deadline) ?? []
        return ofDirectory + ofHost
    }

    /// Tells what is surely wrong with the rules, as the last look at the directory and the host's own files show it.
    ///
    /// A directory that did not answer is no mistake; so a program can tell a wrong rule from an outage.
    /// - Parameter deadline: When to give up.
    /// - Returns: The mistakes, empty if none is known.
    public nonisolated(nonsending) func mistakes(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        guard !configuration.everyone else { return [] }
        let ofHost = await local?.check(deadline: deadline) ?? []
        return (directory?.mistakes ?? []) + ofHost.filter { !$0.isTemporary }
    }

    /// Looks the person's groups up and applies the rules.
    /// - Parameters:
    ///   - identity: Whom to judge, as the source has just shown them.
    ///   - deadline: When to give up.
    /// - Returns: The verdict; an outage is never a yes and never a no.
    public nonisolated(nonsending) func judge(_ identity: Identity, deadline: ContinuousClock.Instant) async
        -> ActivityVerdict
    {
        await judge(identity, explaining: false, deadline: deadline).verdict
    }

    /// Judges and says why; with `explains`, with the way to each group, which costs a search for each.
    nonisolated(nonsending) func judge(
        _ identity: Identity,
        explaining explains: Bool,
        deadline: ContinuousClock.Instant
    ) async -> Judgement {
        let begin = ContinuousClock.now
        let judgement = await decide(identity, explaining: explains, deadline: deadline)
        DecisionTrace.record(
            DecisionStep(
                step: "rule",
                target: "active",
                request: identity.loginName,
                result: judgement.verdict.name,
                durationMilliseconds: (ContinuousClock.now - begin).milliseconds,
                detail: judgement.reason
            )
        )
        return judgement
    }

    /// Ends looking at the groups of the rules.
    public nonisolated(nonsending) func shutdown() async {
        await keeper.stop()
        await directory?.stop()
    }

    private nonisolated(nonsending) func decide(
        _ identity: Identity,
        explaining explains: Bool,
        deadline: ContinuousClock.Instant
    ) async -> Judgement {
        if configuration.everyone, directory?.mustName(identity) != true { return .everyone }
        switch identity.source {
        case .directory(let name, _):
            guard let directory, directory.name == name else {
                return .inactive("people of directory \(name) have no rule in [active]")
            }
            return await directory.judge(identity, explaining: explains, deadline: deadline)
        case .local(let provider, let uid):
            guard let local else {
                return .inactive("local people of provider \(provider) have no rule: [active] lacks source = \"unix\"")
            }
            return await local.judge(identity, uid: uid, deadline: deadline)
        case .application:
            return .inactive("people whom an application checks have no rule in [active]")
        }
    }
}

extension ActivityVerdict {
    /// One word for the operator.
    var name: String {
        switch self {
        case .active: "active"
        case .inactive: "inactive"
        case .unavailable: "unavailable"
        }
    }
}
