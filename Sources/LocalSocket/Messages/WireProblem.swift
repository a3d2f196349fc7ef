/// Why the bytes of a message are none that can be understood.
struct WireProblem: Error, Sendable, Equatable {
    /// What is wrong, without any of the bytes.
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
