import HostSystem
import Testing

@testable import LocalSocket

@Suite("How much one user of the host may take up")
struct CallerLedgerTests {
    private let person = LocalCaller(isOperator: false, userID: 1000, label: "")
    private let other = LocalCaller(isOperator: false, userID: 1001, label: "")
    private let root = LocalCaller(isOperator: true, userID: 0, label: "")

    @Test("Connections end at the user's limit, then at everybody's; root has room of its own")
    func connections() {
        var limits = LocalSocketLimits()
        (limits.connections, limits.connectionsPerUser) = (3, 2)
        let ledger = CallerLedger(limits)
        #expect(ledger.enter(person))
        #expect(ledger.enter(person))
        #expect(!ledger.enter(person))
        #expect(ledger.enter(other))
        #expect(!ledger.enter(other))
        #expect(ledger.enter(root))
        ledger.leave(person)
        #expect(ledger.enter(other))
    }

    @Test("Logins come at a pace, and few at once; one user's do not touch another's")
    func logins() throws {
        var limits = LocalSocketLimits()
        (limits.loginsAtOncePerUser, limits.loginBurst, limits.loginInterval) = (2, 3, .seconds(10))
        let ledger = CallerLedger(limits)
        let now = ContinuousClock.now
        for caller in [person, other, root] { #expect(ledger.enter(caller)) }
        try ledger.beginLogin(person, isNew: true, at: now)
        try ledger.beginLogin(person, isNew: true, at: now)
        #expect(throws: CallerLedger.Hindrance.tooManyAtOnce) { try ledger.beginLogin(person, isNew: false, at: now) }
        ledger.endLogin(person)
        try ledger.beginLogin(person, isNew: true, at: now)
        ledger.endLogin(person)
        #expect(throws: CallerLedger.Hindrance.tooFast) { try ledger.beginLogin(person, isNew: true, at: now) }
        try ledger.beginLogin(other, isNew: true, at: now)
        for _ in 0..<100 { try ledger.beginLogin(root, isNew: true, at: now) }
        try ledger.beginLogin(person, isNew: true, at: now + .seconds(10))
        ledger.endLogin(person)
        #expect(throws: CallerLedger.Hindrance.tooFast) {
            try ledger.beginLogin(person, isNew: true, at: now + .seconds(10))
        }
    }

    @Test("Reconnecting forgets no pace")
    func reconnecting() throws {
        var limits = LocalSocketLimits()
        (limits.loginBurst, limits.loginInterval) = (1, .seconds(10))
        let ledger = CallerLedger(limits)
        let now = ContinuousClock.now
        #expect(ledger.enter(person))
        try ledger.beginLogin(person, isNew: true, at: now)
        ledger.endLogin(person)
        ledger.leave(person)
        #expect(ledger.enter(person))
        #expect(throws: CallerLedger.Hindrance.tooFast) { try ledger.beginLogin(person, isNew: true, at: now) }
    }

    @Test("Many requests are slowed down, and root's are not")
    func requests() {
        var limits = LocalSocketLimits()
        (limits.requestBurst, limits.requestInterval) = (2, .seconds(1))
        let ledger = CallerLedger(limits)
        let now = ContinuousClock.now
        #expect(ledger.enter(person))
        #expect((0..<4).map { _ in ledger.request(person, at: now) } == [.zero, .zero, .seconds(1), .seconds(2)])
        #expect(ledger.request(person, at: now + .seconds(60)) == .zero)
        #expect((0..<100).allSatisfy { _ in ledger.request(root, at: now) == .zero })
    }
}
