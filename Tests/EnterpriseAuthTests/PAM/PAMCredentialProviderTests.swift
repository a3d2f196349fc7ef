import HostSystem
import PAMClient
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("PAMCredentialProvider", .serialized)
struct PAMCredentialProviderTests {
    private let stacks: PAMStacks

    init() async throws {
        stacks = try await PAMStacks(
            people: ["root": "open-root", "nobody-has-this-name": "open-nobody", "Alice": "open-alice"],
            services: [
                "password": "auth required MODULE people=@DIR@/people log=@DIR@/log\naccount required MODULE",
                "anything": "auth required MODULE\naccount required MODULE",
                "soon": "auth required MODULE people=@DIR@/people\naccount required MODULE info=It_expires_soon.",
                "must-change": "auth required MODULE people=@DIR@/people\naccount required MODULE return=12",
                "expired": "auth required MODULE people=@DIR@/people\naccount required MODULE return=acct_expired",
                "denied": "auth required MODULE people=@DIR@/people\naccount required MODULE return=perm_denied",
                "lost": "auth required MODULE people=@DIR@/people\naccount required MODULE return=user_unknown",
                "locked": "auth required MODULE people=@DIR@/people\naccount required MODULE return=11",
                "down": "auth required MODULE return=authinfo_unavail\naccount required MODULE",
                "renamed": "auth required MODULE people=@DIR@/people rename=no-such-name\naccount required MODULE",
                "hidden": "auth required MODULE people=@DIR@/people\naccount required MODULE rename=a/b",
                "slow": "auth required MODULE sleep=3600\naccount required MODULE",
                "code": """
                auth requisite MODULE people=@DIR@/people
                auth required MODULE info=Sent. ask=Code: expect=246810
                account required MODULE
                """,
            ]
        )
    }

    private func provider(
        _ service: String,
        people: PAMTestPeople? = nil,
        timeout: Duration? = nil
    ) -> PAMCredentialProvider {
        var configuration = PAMProviderConfiguration(name: "host", service: service)
        configuration.confdir = stacks.confdir
        configuration.directory = people?.name
        configuration.timeout = timeout
        return PAMCredentialProvider(configuration, execution: PAMTest.worker, people: people)
    }

    private func verify(
        _ provider: PAMCredentialProvider,
        _ user: String = "root",
        _ password: String = "open-root"
    ) async throws -> CredentialOutcome {
        let credentials = try Credentials(
            username: user,
            password: SecretBytes(text: password),
            remoteAddress: "192.0.2.9"
        )
        let outcome = await provider.verify(credentials, deadline: PAMTest.patience)
        return outcome
    }

    /// An outcome in one line.
    private func short(_ outcome: CredentialOutcome) -> String {
        switch outcome {
        case .verified(let identity, _): "verified \(identity.userID) \(identity.loginName)"
        case .passwordChangeRequired(let identity, let reason): "change \(identity.userID) \(reason.rawValue)"
        case .challenge(let challenge): "challenge \(challenge.messages) \(challenge.prompts.map(\.text))"
        case .refused(let refusal): "refused \(refusal.reason.rawValue)"
        case .unavailable(let outage): "unavailable \(outage.kind.rawValue)"
        }
    }

    static let localCases: [(String, String, String, String)] = [
        ("password", "root", "open-root", "verified host:root root"),
        ("password", "root", "wrong", "refused wrong_password"),
        ("password", "root", "    ", "refused wrong_password"),
        ("password", "nobody-has-this-name", "open-nobody", "refused unknown_user"),
        ("password", "daemon", "open-root", "refused wrong_password"),
        ("password", "../root", "open-root", "refused unknown_user"),
        ("password", "ROOT", "open-root", "refused unknown_user"),
        ("password", "root ", "open-root", "refused unknown_user"),
        ("password", "*", "open-root", "refused unknown_user"),
        ("anything", "nobody-has-this-name", "x", "refused unknown_user"),
        ("must-change", "root", "open-root", "change host:root expired"),
        ("must-change", "root", "wrong", "refused wrong_password"),
        ("expired", "root", "open-root", "refused expired"),
        ("expired", "root", "wrong", "refused wrong_password"),
        ("denied", "root", "open-root", "refused not_permitted"),
        ("lost", "root", "open-root", "unavailable unreachable"),
        ("down", "root", "open-root", "unavailable unreachable"),
        ("renamed", "root", "open-root", "refused not_permitted"),
        ("hidden", "root", "open-root", "unavailable misconfigured"),
        ("nothing-of-that-name", "root", "open-root", "unavailable misconfigured"),
        ("code", "nobody-has-this-name", "open-nobody", "refused unknown_user"),
    ]

    @Test("Local people: what the stack and the user database say together", arguments: localCases)
    func local(service: String, user: String, password: String, expected: String) async throws {
        let provider = provider(service)
        #expect(short(try await verify(provider, user, password)) == expected)
        await provider.shutdown()
    }

    @Test("A local person is known by name and number, with the stack's texts as notices")
    func localIdentity() async throws {
        let provider = provider("soon")
        guard case .verified(let identity, let notices) = try await verify(provider) else {
            Issue.record("not verified")
            return
        }
        #expect(identity.source == .local(provider: "host", uid: 0))
        #expect(notices == [.message("It expires soon.")])
        await provider.shutdown()
    }

    @Test("The stack is told the client's address and the configured terminal")
    func items() async throws {
        let provider = provider("password")
        _ = try await verify(provider)
        #expect(stacks.text(of: "log").contains("user=root rhost=192.0.2.9 tty=ent-login ruser=- "))
        await provider.shutdown()
    }

    static let directoryCases: [(String, String, String, String)] = [
        ("password", "Alice", "open-alice", "verified corp:id-1 alice"),
        ("password", "Alice", "wrong", "refused wrong_password"),
        ("password", "root", "open-root", "refused not_permitted"),
        ("password", "root", "wrong", "refused unknown_user"),
        ("password", "stranger", "wrong", "refused unknown_user"),
        ("password", "bob", "wrong", "refused wrong_password"),
        ("must-change", "Alice", "open-alice", "change corp:id-1 expired"),
        ("denied", "Alice", "open-alice", "refused not_permitted"),
        ("renamed", "Alice", "open-alice", "refused not_permitted"),
    ]

    @Test("A directory's people: who they are is the directory's word", arguments: directoryCases)
    func directory(service: String, user: String, password: String, expected: String) async throws {
        let provider = provider(service, people: PAMTestPeople(people: ["Alice": "id-1", "bob": "id-2"]))
        #expect(short(try await verify(provider, user, password)) == expected)
        await provider.shutdown()
    }

    @Test("A directory that does not answer makes a yes an outage, and leaves a no a no")
    func directoryDown() async throws {
        let outage = Outage(.unreachable, source: "corp", step: "connect", detail: "down")
        let provider = provider("password", people: PAMTestPeople(outage: outage))
        #expect(short(try await verify(provider, "Alice", "open-alice")) == "unavailable unreachable")
        #expect(short(try await verify(provider, "Alice", "wrong")) == "refused wrong_password")
        await provider.shutdown()
    }

    @Test("An account that the directory has ended or locked is refused although the stack said yes")
    func directoryStanding() async throws {
        let refusal = Refusal(.disabled, provider: "host", detail: "scripted")
        let standings: [(AccountStanding, String)] = [
            (.ended(refusal), "refused disabled"),
            (.unavailable(Outage(.timeout, source: "corp", step: "search", detail: "late")), "unavailable timeout"),
        ]
        for (standing, expected) in standings {
            let provider = provider("password", people: PAMTestPeople(people: ["Alice": "id-1"]) { _ in standing })
            #expect(short(try await verify(provider, "Alice", "open-alice")) == expected)
            await provider.shutdown()
        }
        let provider = provider(
            "password",
            people: PAMTestPeople(people: ["Alice": "id-1"]) { .temporarilyLocked($0) }
        )
        #expect(short(try await verify(provider, "Alice", "open-alice")) == "refused locked")
        await provider.shutdown()
    }

    @Test("A further prompt is a challenge; its right answer is a yes, once")
    func challenge() async throws {
        let provider = provider("code")
        guard case .challenge(let challenge) = try await verify(provider) else {
            Issue.record("no challenge")
            return
        }
        #expect(challenge.provider == "host")
        #expect(challenge.messages == ["Sent."])
        #expect(challenge.prompts == [Challenge.Prompt(text: "Code:", echoes: false)])
        #expect(challenge.id.utf8.count > 20)
        let response = ChallengeResponse(
            challengeID: challenge.id,
            provider: "host",
            answers: [SecretBytes(text: "246810")]
        )
        #expect(short(await provider.answer(response, deadline: PAMTest.patience)) == "verified host:root root")
        let again = await provider.answer(response, deadline: PAMTest.patience)
        #expect(short(again) == "refused not_permitted")
        await provider.shutdown()
    }

    @Test("A wrong code is a wrong password, and so is one that no stack can be given", arguments: ["111111", "a\0b"])
    func wrongCode(code: String) async throws {
        let provider = provider("code")
        guard case .challenge(let challenge) = try await verify(provider) else {
            Issue.record("no challenge")
            return
        }
        let response = ChallengeResponse(
            challengeID: challenge.id,
            provider: "host",
            answers: [SecretBytes(text: code)]
        )
        #expect(short(await provider.answer(response, deadline: PAMTest.patience)) == "refused wrong_password")
        await provider.shutdown()
    }

    @Test("With 'requisite', a wrong password is refused without a challenge")
    func noChallengeForGuessers() async throws {
        let provider = provider("code")
        #expect(short(try await verify(provider, "root", "wrong")) == "refused wrong_password")
        await provider.shutdown()
    }

    @Test("A challenge that nobody knows is refused and is no guess")
    func unknownChallenge() async {
        let provider = provider("code")
        let response = ChallengeResponse(challengeID: "never", provider: "host", answers: [])
        guard case .refused(let refusal) = await provider.answer(response, deadline: PAMTest.patience) else {
            Issue.record("not refused")
            return
        }
        #expect(!refusal.reason.countsAsGuess)
        await provider.shutdown()
    }

    @Test("A timeout of the provider's own ends a slow stack before the login's deadline")
    func timeout() async throws {
        let provider = provider("slow", timeout: .milliseconds(300))
        let start = ContinuousClock.now
        #expect(short(try await verify(provider)) == "unavailable timeout")
        #expect(ContinuousClock.now - start < .milliseconds(1300))
        await provider.shutdown()
    }

    private func identity(uid: UInt32, name: String = "root") -> Identity {
        let id = UserID(source: "host", value: name)
        return Identity(userID: id, loginName: name, provider: "host", source: .local(provider: "host", uid: uid))
    }

    @Test("A live session's local account is looked at without a password")
    func recheck() async {
        let cases: [(String, Identity, String)] = [
            ("password", identity(uid: 0), "good"),
            ("must-change", identity(uid: 0), "good"),
            ("expired", identity(uid: 0), "ended expired"),
            ("denied", identity(uid: 0), "ended not_permitted"),
            ("lost", identity(uid: 0), "unavailable unreachable"),
            ("password", identity(uid: 4711), "ended not_permitted"),
            ("password", identity(uid: 4711, name: "nobody-has-this-name"), "ended unknown_user"),
            ("nothing-of-that-name", identity(uid: 0), "unavailable misconfigured"),
        ]
        for (service, identity, expected) in cases {
            let provider = provider(service)
            #expect(short(await provider.recheck(identity, deadline: PAMTest.patience)) == expected)
            await provider.shutdown()
        }
    }

    @Test("A live session's account of a directory is the stack's and the directory's word")
    func recheckDirectory() async throws {
        let people = PAMTestPeople(people: ["Alice": "id-1"])
        let provider = provider("password", people: people)
        let found = try await people.identity(forLoginName: "Alice", provider: "host", deadline: PAMTest.patience)
        let alice = try #require(found)
        #expect(short(await provider.recheck(alice, deadline: PAMTest.patience)) == "good")
        // Somebody whose session began before the provider got its directory.
        #expect(short(await provider.recheck(identity(uid: 0), deadline: PAMTest.patience)) == "ended not_permitted")
        await provider.shutdown()
        let gone = self.provider(
            "password",
            people: PAMTestPeople { .ended(Refusal(.disabled, provider: $0.provider, detail: "scripted")) }
        )
        #expect(short(await gone.recheck(alice, deadline: PAMTest.patience)) == "ended disabled")
        await gone.shutdown()
    }

    @Test("A directory that knows of the account's end is believed where the stack has no answer or calls it locked")
    func recheckDirectoryFirst() async throws {
        let disabled = Refusal(.disabled, provider: "host", detail: "scripted")
        let late = Outage(.timeout, source: "corp", step: "search", detail: "late")
        let fresh = Identity(
            userID: UserID(source: "corp", value: "id-1"),
            loginName: "alice-now",
            provider: "host",
            source: .directory(name: "corp", dn: "uid=new")
        )
        let people = PAMTestPeople(people: ["Alice": "id-1"])
        let found = try await people.identity(forLoginName: "Alice", provider: "host", deadline: PAMTest.patience)
        let alice = try #require(found)
        let cases: [(String, AccountStanding, AccountStanding?)] = [
            ("lost", .ended(disabled), .ended(disabled)), ("lost", .good(fresh), nil),
            ("down", .ended(disabled), .ended(disabled)),
            ("locked", .ended(disabled), .ended(disabled)), ("locked", .good(fresh), .temporarilyLocked(fresh)),
            ("locked", .temporarilyLocked(fresh), .temporarilyLocked(fresh)),
            ("locked", .unavailable(late), .unavailable(late)), ("password", .good(fresh), .good(fresh)),
        ]
        for (service, standing, expected) in cases {
            let provider = provider(service, people: PAMTestPeople { _ in standing })
            let found = await provider.recheck(alice, deadline: PAMTest.patience)
            if let expected {
                #expect(found == expected, "\(service)")
            } else {
                #expect(short(found).hasPrefix("unavailable"), "\(service)")
            }
            await provider.shutdown()
        }
    }

    private func short(_ standing: AccountStanding) -> String {
        switch standing {
        case .good: "good"
        case .temporarilyLocked: "locked"
        case .ended(let refusal): "ended \(refusal.reason.rawValue)"
        case .unavailable(let outage): "unavailable \(outage.kind.rawValue)"
        }
    }

    @Test(
        "pam_unix itself: a wrong password of a known name, and a name that nobody has",
        .enabled(if: Obstacle.root == nil, "pam_unix needs root")
    )
    func pamUnix() async throws {
        try stacks.write("unix", "auth required pam_unix.so\naccount required pam_unix.so")
        let provider = provider("unix")
        try await provider.start(deadline: PAMTest.patience)
        #expect(short(try await verify(provider, "daemon", "wrong")) == "refused wrong_password")
        #expect(short(try await verify(provider, "nobody-has-this-name", "wrong")) == "refused unknown_user")
        await provider.shutdown()
    }

    @Test("The decision is told to whoever explains it, without the password")
    func trace() async throws {
        let provider = provider("password")
        let trace = DecisionTrace()
        _ = try await DecisionTrace.$current.withValue(trace) { try await verify(provider, "root", "wrong-secret") }
        let step = try #require(trace.steps.first)
        #expect(step.step == "pam" && step.result == "wrong_password" && step.code == 7)
        #expect(!"\(trace.steps)".contains("wrong-secret"))
        await provider.shutdown()
    }
}
