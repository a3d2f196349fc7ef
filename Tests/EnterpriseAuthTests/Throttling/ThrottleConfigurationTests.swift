import EnterpriseAuth
import Testing

@Suite("The throttle's configuration")
struct ThrottleConfigurationTests {
    private static func problems(_ lines: String) -> [String] {
        let text = ConfigurationSamples.minimal(replacing: "[login]", with: "[login]", adding: "\n[throttle]\n" + lines)
        return ConfigurationSamples.problems(text)
    }

    @Test("has good defaults, and is on without a word")
    func defaults() throws {
        let configuration = try ConfigurationSamples.load(ConfigurationSamples.minimal).configuration
        #expect(configuration.throttle == ThrottleConfiguration())
        #expect(configuration.throttle.enabled)
        #expect(Self.problems("enabled = true").isEmpty)
    }

    @Test("takes every key")
    func keys() throws {
        let lines = """
            free_guesses = 2
            source_free_guesses = 7
            first_wait = "10s"
            longest_wait = "1h"
            forget = "2h"
            ipv4_prefix = 24
            ipv6_prefix = 56
            max_entries = 500
            """
        let text = ConfigurationSamples.minimal + "\n[throttle]\n" + lines
        let throttle = try ConfigurationSamples.load(text).configuration.throttle
        #expect((throttle.freeGuesses, throttle.sourceFreeGuesses, throttle.maxEntries) == (2, 7, 500))
        #expect(
            (throttle.firstWait, throttle.longestWait, throttle.forget) == (
                .seconds(10), .seconds(3600), .seconds(7200)
            )
        )
        #expect((throttle.ipv4Prefix, throttle.ipv6Prefix) == (24, 56))
    }

    @Test("switched off is a warning")
    func off() {
        let problems = Self.problems("enabled = false")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("warning: throttle.enabled: nothing here slows guessing down") == true)
    }

    @Test("a first wait longer than the longest is an error, and forgetting too early a warning")
    func contradictions() {
        let longer = Self.problems("first_wait = \"30m\"")
        #expect(longer.count == 1)
        #expect(longer.first?.contains("error: throttle.first_wait: throttle.first_wait is longer") == true)
        let early = Self.problems("forget = \"10m\"")
        #expect(early.count == 1)
        #expect(early.first?.contains("warning: throttle.forget: guesses are forgotten before") == true)
    }

    @Test(
        "values out of range are errors",
        arguments: [
            "free_guesses = 0", "source_free_guesses = 0", "first_wait = \"0s\"", "longest_wait = \"2d\"",
            "forget = \"32d\"", "ipv4_prefix = 33", "ipv6_prefix = 15", "max_entries = 99",
        ]
    )
    func ranges(line: String) {
        let problems = Self.problems(line)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("error: ") == true, "\(problems)")
    }
}
