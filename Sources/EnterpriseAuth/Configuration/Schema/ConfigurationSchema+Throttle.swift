extension ConfigurationSchema {
    private static let day = Duration.seconds(86_400)

    static let throttleSection = SchemaSection<ThrottleConfiguration>(
        "How guessing at passwords is slowed down, before any provider is asked. Keep it below the lock-out of the "
            + "directory: with the defaults nobody brings five wrong passwords for one name to it within 15 minutes.",
        defaults: ThrottleConfiguration(),
        fields: [
            .value("enabled", \.enabled, .boolean, "Whether guesses are counted and slowed down."),
            .value(
                "free_guesses",
                \.freeGuesses,
                .integer(1...1000),
                "How many wrong passwords for one name cost no wait; a known device has as many of its own."
            ),
            .value(
                "source_free_guesses",
                \.sourceFreeGuesses,
                .integer(1...100_000),
                "How many wrong passwords from one network cost no wait, for whatever names."
            ),
            .value(
                "first_wait",
                \.firstWait,
                .duration(.seconds(1)...day),
                "The wait after the last free guess; every further one doubles it."
            ),
            .value("longest_wait", \.longestWait, .duration(.seconds(1)...day), "The longest wait."),
            .value(
                "forget",
                \.forget,
                .duration(.seconds(1)...day * 31),
                "In what time as many guesses are forgotten as are free, one after the other. The same wrong password is "
                    + "asked and counted once in the time in which one guess for a name is forgotten."
            ),
            .value("ipv4_prefix", \.ipv4Prefix, .integer(8...32), "How many bits of an IPv4 address make a network."),
            .value(
                "ipv6_prefix",
                \.ipv6Prefix,
                .integer(16...128),
                "How many bits of an IPv6 address make a network. Wider networks are counted too: of a `/56` four times, "
                    + "of a `/48` 16 times as many wrong passwords cost no wait."
            ),
            .value(
                "max_entries",
                \.maxEntries,
                .integer(100...1_000_000),
                "How many counters of each kind are kept (names, networks, known devices); who comes when there are so many "
                    + "shares one with others."
            ),
        ]
    )
}
