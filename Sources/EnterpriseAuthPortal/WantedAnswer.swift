internal import EnterpriseAuthHummingbird
internal import HTTPTypes

/// What kind of answer a request wants.
struct WantedAnswer: Sendable {
    /// Whether a person looks at it: a browser that goes to a page (Fetch Metadata), or a client that takes HTML.
    let isPage: Bool

    init(_ headers: HTTPFields) {
        if headers[.requestedWith]?.lowercased() == "xmlhttprequest" {
            isPage = false
        } else if let mode = headers[.secFetchMode] {
            isPage = mode == "navigate"
        } else {
            isPage = headers[.accept]?.lowercased().contains("text/html") ?? false
        }
    }
}
