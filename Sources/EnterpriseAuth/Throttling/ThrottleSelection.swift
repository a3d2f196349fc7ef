/// Which counters are to be forgotten.
public enum ThrottleSelection: Sendable, Hashable {
    /// All of them.
    case all
    /// Those of a name, known devices included, however it is spelled.
    case user(String)
    /// Those of the networks in which an address lies; a single network as it is listed will do too.
    case source(String)
}
