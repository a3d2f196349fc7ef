import Testing

@testable import EnterpriseAuth

@Suite("Times as directories keep them")
struct GeneralizedTimeTests {
    @Test(
        "are read in every form of RFC 4517",
        arguments: [
            ("19700101000000Z", 0),
            ("20261123122108Z", 1_795_436_468_000),
            ("20261123122108.186306Z", 1_795_436_468_186),
            ("20261123122108,5Z", 1_795_436_468_500),
            ("202611231221Z", 1_795_436_460_000),
            ("202611231221.5Z", 1_795_436_490_000),
            ("2026112312Z", 1_795_435_200_000),
            ("20261123132108+0100", 1_795_436_468_000),
            ("20261123065108-0530", 1_795_436_468_000),
            ("20261123132108+01", 1_795_436_468_000),
            ("20240229000000Z", 1_709_164_800_000),
            ("000001010000Z", -62_167_219_200_000),
            ("19691231235959.999Z", -1),
        ] as [(String, Int64)]
    )
    func reads(_ text: String, _ milliseconds: Int64) {
        #expect(GeneralizedTime.milliseconds(text) == milliseconds)
    }

    @Test(
        "are nothing when the text is not one",
        arguments: [
            "", "Z", "2026", "20261123", "20261123122108", "20261323122108Z", "20261100122108Z", "20261123242108Z",
            "20261123126008Z", "20261123122161Z", "20261123122108.Z", "20261123122108ZZ", "20261123122108+1",
            "20261123122108+2400", "2026112312210８Z", "-0261123122108Z", "20261123122108.1 Z",
        ]
    )
    func refuses(_ text: String) {
        #expect(GeneralizedTime.milliseconds(text) == nil)
    }

    @Test("are read from Windows ticks")
    func windowsTicks() {
        #expect(GeneralizedTime.milliseconds(windowsTicks: 116_444_736_000_000_000) == 0)
        #expect(GeneralizedTime.milliseconds(windowsTicks: 134_399_100_681_863_060) == 1_795_436_468_186)
    }

    @Test("count days across leap years")
    func days() {
        #expect(GeneralizedTime.daysSince1970(year: 1970, month: 1, day: 1) == 0)
        #expect(GeneralizedTime.daysSince1970(year: 2000, month: 3, day: 1) == 11_017)
        #expect(GeneralizedTime.daysSince1970(year: 1900, month: 2, day: 28) == -25_509)
    }
}
