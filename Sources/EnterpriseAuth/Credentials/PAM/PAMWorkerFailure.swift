/// Why a worker gave no answer.
struct PAMWorkerFailure: Error, Hashable {
    /// What kind of outage it is.
    let kind: Outage.Kind

    /// One line for the operator.
    let detail: String

    init(_ kind: Outage.Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}
