/// Why a store could not read or write.
///
/// It is always an outage of ours: no session is taken for good or for ended because of it.
public struct SessionStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The step, such as `open`, `read`, `write` or `sweep`.
    public let step: String

    /// The result code of the database, if there was one.
    public let code: Int?

    /// One line for the operator: which file, what happened, what to do.
    public let detail: String

    /// Puts an error together.
    /// - Parameters:
    ///   - step: The step.
    ///   - code: The result code of the database.
    ///   - detail: One line for the operator.
    public init(step: String, code: Int? = nil, detail: String) {
        self.step = step
        self.code = code
        self.detail = detail
    }

    /// The line for the operator.
    public var description: String { "session store: \(step): \(detail)" }

    /// The same as an outage, as doors show it.
    public var outage: Outage {
        Outage(.internal, source: "session store", step: step, code: code, detail: detail)
    }
}
