internal import EnterpriseAuth

/// The address of a login or refresh view, with the place to come back to.
struct LoginURL: Sendable {
    /// The view: a path, or an absolute http(s) URL (FL-35).
    let view: String
    /// The name of the query parameter.
    let field: String
    /// A host that the redirect names whatever the request says, in the manner of `//host/path` (FL-38).
    let forcedHost: String?
    /// Our own origin, if it is known: views elsewhere get an absolute address to come back to (FL-36).
    let origin: WebOrigin?

    /// The address to redirect to.
    /// - Parameter next: Where to come back to, a path; nil leaves the address without it.
    /// - Returns: What stands in `Location`.
    func text(next: NextTarget?) -> String {
        var text = view
        if let forcedHost, view.hasPrefix("/") { text = "//\(forcedHost)\(view)" }
        guard let next, let place = place(next) else { return text }
        var fragment = ""
        if let hash = text.firstIndex(of: "#") {
            fragment = String(text[hash...])
            text = String(text[..<hash])
        }
        let separator = text.contains("?") ? "&" : "?"
        return "\(text)\(separator)\(field)=\(PercentCoding.encoded(place))\(fragment)"
    }

    /// What the view is told: the path where it is ours, an absolute address where it is not; nil if nobody knows ours.
    private func place(_ next: NextTarget) -> String? {
        guard !view.hasPrefix("/"), next.text.hasPrefix("/") else { return next.text }
        guard let origin else { return nil }
        return isOwn(view, origin) ? next.text : "\(origin)\(next.text)"
    }

    private func isOwn(_ view: String, _ origin: WebOrigin) -> Bool {
        WebOrigin(parsing: String(view[..<endOfAuthority])) == origin
    }

    private var endOfAuthority: String.Index {
        view.utf8.dropFirst("https://".utf8.count).firstIndex { "/?#".utf8.contains($0) } ?? view.endIndex
    }

    /// Whether a request is at the view already: sending it there again would never end.
    /// - Parameters:
    ///   - path: The request's path.
    ///   - authority: The request's host, which may be the one of an absolute view.
    /// - Returns: True if it would come to itself.
    func isView(_ path: String, of authority: String?) -> Bool {
        var rest = view[...]
        if !view.hasPrefix("/") {
            let host = authority.flatMap { WebOrigin(parsing: "https://\($0)") }
            let target = WebOrigin(parsing: String(view[..<endOfAuthority]))
            guard let target, target == origin || target.host == host?.host else { return false }
            rest = view[endOfAuthority...]
        }
        let own = rest.prefix { $0 != "?" && $0 != "#" }
        return (own.isEmpty ? "/" : own).utf8.elementsEqual(path.utf8)
    }
}
