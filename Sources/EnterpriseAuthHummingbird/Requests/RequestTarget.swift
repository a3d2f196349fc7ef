package import HTTPTypes

/// The path and query that a request asks for, as they came (RFC 9112 section 3.2.1).
package struct RequestTarget: Sendable {
    /// The path, still encoded; empty for a target of another form, which no place can be made of.
    package let path: String
    /// What follows the question mark, still encoded.
    package let query: String?

    /// Takes a request's target apart.
    package init(_ head: HTTPRequest) {
        let text = head.path ?? ""
        guard text.hasPrefix("/") else {
            path = ""
            query = nil
            return
        }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count == 2 ? String(parts[1]) : nil
    }

    /// Path and query together.
    var text: String { query.map { "\(path)?\($0)" } ?? path }
}
