internal import EnterpriseAuth
internal import HTTPTypes

/// Where a browser says that a request comes from.
enum RequestOrigin {
    /// Whether the browser says that another origin sent the request.
    ///
    /// `Sec-Fetch-Site` (Fetch Metadata section 2.3) must be `same-origin`, or `none` for what the person typed; `Origin`
    /// (RFC 6454 section 7) must be ours. Clients that send neither say nothing.
    /// - Parameters:
    ///   - head: The request.
    ///   - origin: Our own origin; if it is not known, `Host` is believed.
    /// - Returns: True if it is another's, or if that cannot be read.
    static func isOther(_ head: HTTPRequest, than origin: WebOrigin?) -> Bool {
        let sites = head.headerFields[values: .secFetchSite]
        if !sites.isEmpty, sites != ["same-origin"], sites != ["none"] { return true }
        let origins = head.headerFields[values: .origin]
        guard !origins.isEmpty else { return false }
        guard origins.count == 1, let sender = WebOrigin(parsing: origins[0]) else { return true }
        if let origin { return sender != origin }
        guard let authority = head.authority, let own = WebOrigin(parsing: "\(sender.scheme)://\(authority)") else {
            return true
        }
        return sender != own
    }
}
