import Testing

@testable import EnterpriseAuth

@Suite("PAMParking")
struct PAMParkingTests {
    private func parking(places: Int, ofName: Int) -> PAMParking {
        var limits = PAMWorkerLimits()
        (limits.parked, limits.parkedPerName) = (places, ofName)
        return PAMParking(limits)
    }

    /// Lets conversations in, each called by its name, its address and a number, and tells which went.
    private func evictions(_ parties: [(String, String)], _ parking: PAMParking) -> [String] {
        var parking = parking
        return parties.enumerated().compactMap { index, party in
            parking.enter("\(index)", of: PAMParking.Party(name: party.0, address: party.1))
                .map { "\(index): \($0.conversation) \($0.reason)" }
        }
    }

    @Test("A name loses its oldest conversation when it has too many, whatever the case and the address")
    func name() {
        let parties = [("bob", "a"), ("alice", "a"), ("ALICE", "b"), ("Alice", "c"), ("alice", "d"), ("bob", "e")]
        #expect(evictions(parties, parking(places: 9, ofName: 2)) == ["3: 1 name", "4: 2 name"])
    }

    @Test("A stranger who floods a name loses the stranger's own conversations, not the one of another address")
    func flood() {
        let parties = [("alice", "home"), ("alice", "x"), ("alice", "x"), ("alice", "x"), ("alice", "x")]
        #expect(evictions(parties, parking(places: 9, ofName: 3)) == ["3: 1 name", "4: 2 name"])
    }

    @Test("With all places taken, the address that has most loses one")
    func address() {
        let parties = [
            ("alice", "home"), ("b", "x"), ("c", "x"), ("d", "x"), ("e", "x"), ("f", "x"), ("bob", "office"),
        ]
        #expect(evictions(parties, parking(places: 4, ofName: 2)) == ["4: 1 all", "5: 2 all", "6: 3 all"])
    }

    @Test("Where the addresses do not tell, the name that has most loses its oldest, then the oldest goes")
    func namesOfOneAddress() {
        let parties = [("alice", ""), ("b", ""), ("b", ""), ("c", ""), ("d", "")]
        #expect(evictions(parties, parking(places: 3, ofName: 2)) == ["3: 1 all", "4: 0 all"])
    }

    @Test("A place that is left is free")
    func leaving() {
        var parking = parking(places: 1, ofName: 1)
        #expect(parking.enter("1", of: PAMParking.Party(name: "alice")) == nil)
        parking.leave("1")
        #expect(parking.enter("2", of: PAMParking.Party(name: "alice")) == nil)
    }
}
