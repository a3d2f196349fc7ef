package import HTTPTypes

/// What kind of answer a request wants: a page, or something that a program reads.
///
/// Browsers say so by Fetch Metadata, old ones by `Accept`; scripts in pages by `X-Requested-With`. Programs that take
/// anything (`*/*`, or no `Accept` at all) have not said, and who asks decides what that means.
package struct WantedAnswer: Sendable {
    /// What a request that has not said is taken for.
    package enum Unsaid: Sendable {
        /// A person's: the way of Flask-Login, for applications whose clients are people.
        case page
        /// A program's: the way of proxies' recipes, for what programs ask too.
        case data
    }

    /// Whether a person looks at it: a browser that goes to a page, or a client that takes HTML.
    package let isPage: Bool

    /// Looks at a request.
    /// - Parameters:
    ///   - headers: The request's header.
    ///   - unsaid: What it is taken for if it has not said.
    package init(_ headers: HTTPFields, unsaid: Unsaid = .data) {
        if headers[.requestedWith]?.lowercased() == "xmlhttprequest" {
            isPage = false
        } else if let mode = headers[.secFetchMode] {
            isPage = mode == "navigate"
        } else {
            let accept = headers[.accept]?.lowercased() ?? "*/*"
            let isUnsaid = ["*/*", "text/*"].contains { accept.contains($0) }
            isPage = accept.contains("text/html") || (isUnsaid && unsaid == .page)
        }
    }
}
