import EnterpriseAuth
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "is written as RFC 3339 in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_772_355_600_007, "2026-03-01T09:00:00.007Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func rfc3339(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test("stops at its ends instead of trapping")
    func saturates() {
        let end = Timestamp(milliseconds: .max)
        #expect(end.adding(.seconds(1)) == end)
        #expect(Timestamp(milliseconds: .min).adding(.seconds(-1)).milliseconds == .min)
        #expect(Timestamp(milliseconds: 0).adding(.seconds(Int64.max)) == end)
        #expect(Timestamp(milliseconds: 5).since(Timestamp(milliseconds: 7)) == .milliseconds(-2))
    }
}
