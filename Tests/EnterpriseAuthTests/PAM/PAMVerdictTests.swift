import PAMClient
import Testing

@testable import EnterpriseAuth

@Suite("PAMVerdict")
struct PAMVerdictTests {
    private static let root = PAMPerson.known(name: "root", uid: 0)

    /// A verdict without its text.
    private func short(_ verdict: PAMVerdict) -> String {
        switch verdict {
        case .right, .mustChange: verdict.word
        case .refused(let reason, _): "refused \(reason.rawValue)"
        case .unavailable(let kind, let code, _): "unavailable \(kind.rawValue) \(code.map(String.init) ?? "-")"
        }
    }

    private func finding(
        _ authentication: PAMStatus?,
        _ account: PAMStatus?,
        typed: PAMPerson = root,
        askedPassword: Bool = true,
        interruption: PAMConversation.Interruption? = nil
    ) -> PAMFinding {
        var result = PAMCheckResult()
        result.authentication = authentication
        result.account = account
        result.user = "root"
        result.askedPassword = askedPassword
        result.interruption = interruption
        return PAMFinding(typedName: "root", result: result, typed: typed, final: typed)
    }

    static let authenticationCases: [(Int32, String)] = [
        (7, "refused wrong_password"), (10, "refused wrong_password"), (11, "refused locked"),
        (6, "refused wrong_password"), (13, "refused expired"), (16, "refused expired"), (27, "refused expired"),
        (9, "unavailable unreachable 9"), (8, "unavailable misconfigured 8"), (28, "unavailable misconfigured 28"),
        (26, "unavailable misconfigured 26"), (3, "unavailable misconfigured 3"), (4, "unavailable internal 4"),
        (5, "unavailable internal 5"), (19, "unavailable internal 19"), (25, "unavailable internal 25"),
        (31, "unavailable internal 31"), (99, "unavailable internal 99"), (-1, "unavailable internal -1"),
    ]

    @Test("Every answer to the password means one thing", arguments: authenticationCases)
    func authentication(status: Int32, expected: String) {
        #expect(short(PAMVerdict(password: finding(PAMStatus(rawValue: status), nil))) == expected)
    }

    static let accountCases: [(Int32, String)] = [
        (0, "ok"), (12, "password_change_required"), (13, "refused expired"), (27, "refused expired"),
        (6, "refused not_permitted"), (7, "refused not_permitted"), (11, "refused not_permitted"),
        (10, "unavailable unreachable 10"), (9, "unavailable unreachable 9"), (4, "unavailable internal 4"),
        (28, "unavailable misconfigured 28"), (25, "unavailable internal 25"), (99, "unavailable internal 99"),
    ]

    @Test("Every answer about the account means one thing", arguments: accountCases)
    func account(status: Int32, expected: String) {
        #expect(short(PAMVerdict(password: finding(.success, PAMStatus(rawValue: status)))) == expected)
    }

    @Test("A stack that denies without having asked is a lock and no guess")
    func locked() {
        #expect(short(PAMVerdict(password: finding(.permissionDenied, nil, askedPassword: false))) == "refused locked")
    }

    @Test("A yes of a stack that has not asked for the password is no yes", arguments: [0, 12])
    func unasked(status: Int32) {
        let finding = finding(PAMStatus(rawValue: status), .success, askedPassword: false)
        #expect(short(PAMVerdict(password: finding)) == "unavailable misconfigured \(status)")
    }

    @Test("A password that must be changed is of no use to an account that may not be used")
    func mustChange() {
        #expect(PAMVerdict(password: finding(.newPasswordRequired, .success)) == .mustChange)
        #expect(short(PAMVerdict(password: finding(.newPasswordRequired, .accountExpired))) == "refused expired")
    }

    @Test("A success without a word about the account is no yes")
    func halfAnswer() {
        #expect(short(PAMVerdict(password: finding(.success, nil))) == "unavailable internal -")
        #expect(short(PAMVerdict(password: finding(nil, .success))) == "unavailable internal -")
    }

    @Test("A stranger is unknown whatever the stack says, but for an outage", arguments: [0, 6, 7, 10, 11, 12, 13, 19])
    func stranger(status: Int32) {
        let finding = finding(PAMStatus(rawValue: status), .success, typed: .unknown)
        #expect(short(PAMVerdict(password: finding)) == "refused unknown_user")
    }

    @Test("An outage of the stack is an outage for a stranger too, unless we broke off")
    func strangerOutage() {
        let down = finding(.authenticationUnavailable, nil, typed: .unknown)
        #expect(short(PAMVerdict(password: down)) == "unavailable unreachable 9")
        let brokenOff = finding(.systemError, nil, typed: .unknown, interruption: .aborted)
        #expect(short(PAMVerdict(password: brokenOff)) == "refused unknown_user")
    }

    @Test("A user database that does not answer is an outage, not an unknown name")
    func database() {
        let finding = finding(.success, .success, typed: .unavailable(5))
        #expect(short(PAMVerdict(password: finding)) == "unavailable unreachable -")
    }

    @Test(
        "A conversation that was broken off is never a yes",
        arguments: [PAMConversation.Interruption.aborted, .malformed, .unsupportedStyle(7)]
    )
    func interrupted(reason: PAMConversation.Interruption) {
        for status in [PAMStatus.success, .conversationError, .authenticationError] {
            let verdict = short(PAMVerdict(password: finding(status, .success, interruption: reason)))
            #expect(verdict.hasPrefix("unavailable"))
        }
    }

    static let recheckCases: [(PAMPerson, Int32, String)] = [
        (root, 0, "ok"), (root, 12, "ok"), (root, 13, "refused expired"), (root, 6, "refused not_permitted"),
        (root, 11, "refused locked"), (root, 10, "unavailable unreachable 10"), (root, 9, "unavailable unreachable 9"),
        (.unknown, 0, "refused unknown_user"), (.known(name: "root", uid: 7), 0, "refused not_permitted"),
        (.unavailable(5), 0, "unavailable unreachable -"), (.notAsked, 0, "refused unknown_user"),
    ]

    @Test("A look at a local account ends a session only on a clear no", arguments: recheckCases)
    func recheck(person: PAMPerson, status: Int32, expected: String) {
        let finding = finding(nil, PAMStatus(rawValue: status), typed: person)
        #expect(short(.recheck(finding, uid: 0)) == expected)
    }

    @Test("A directory's person needs no passwd entry")
    func recheckDirectory() {
        #expect(PAMVerdict.recheck(finding(nil, .success, typed: .notAsked), uid: nil) == .right)
    }
}
