/// One step of a decision, as `explain` and `check --live` show it.
public struct DecisionStep: Sendable, Hashable, Codable {
    /// What was done, such as `connect`, `start_tls`, `service_bind`, `find_user`, `bind`, `groups` or `rule`.
    public var step: String
    /// With whom: a server's URL, a PAM service, a rule's key path.
    public var target: String
    /// What was asked: the filter, the DN, the group; never a secret.
    public var request: String
    /// How it ended: `ok`, `no`, `unavailable`, or a word of the step.
    public var result: String
    /// The result code, if the step has one.
    public var code: Int?
    /// How long it took, in milliseconds.
    public var durationMilliseconds: Double
    /// What else the operator should know.
    public var detail: String

    private enum CodingKeys: String, CodingKey {
        case step, target, request, result, code, detail
        case durationMilliseconds = "duration_ms"
    }

    /// Puts a step together.
    /// - Parameters:
    ///   - step: What was done.
    ///   - target: With whom.
    ///   - request: What was asked.
    ///   - result: How it ended.
    ///   - code: The result code.
    ///   - durationMilliseconds: How long it took, in milliseconds.
    ///   - detail: What else the operator should know.
    public init(
        step: String,
        target: String,
        request: String = "",
        result: String,
        code: Int? = nil,
        durationMilliseconds: Double = 0,
        detail: String = ""
    ) {
        self.step = step
        self.target = target
        self.request = request
        self.result = result
        self.code = code
        self.durationMilliseconds = durationMilliseconds
        self.detail = detail
    }
}
