/// `[throttle]`: how guessing at passwords is slowed down, before any provider is asked.
public struct ThrottleConfiguration: Sendable, Equatable {
    /// Whether guesses are counted at all.
    public var enabled = true
    /// How many wrong passwords for one name cost no wait; every known device of that person has as many of its own.
    public var freeGuesses = 3
    /// How many wrong passwords from one network cost no wait, for whatever names.
    public var sourceFreeGuesses = 50
    /// The wait after the last free guess; every further one doubles it.
    public var firstWait: Duration = .seconds(5 * 60)
    /// The longest wait.
    public var longestWait: Duration = .seconds(15 * 60)
    /// In what time as many guesses are forgotten as are free, one after the other.
    public var forget: Duration = .seconds(3600)
    /// How many bits of an IPv4 address make a network.
    public var ipv4Prefix = 32
    /// How many bits of an IPv6 address make a network; `/56` and `/48` are counted too, with more room.
    public var ipv6Prefix = 64
    /// How many counters of each kind are kept for one name or network alone; beyond that several share one.
    public var maxEntries = 10_000

    /// Makes the default: guesses are slowed down.
    public init() {}
}
