/// A host as the configuration names it: a name, or `*.` and a domain, which stands for every name below that domain.
package struct HostPattern: Sendable {
    private let text: String
    private let isBelow: Bool

    /// Reads a pattern.
    /// - Parameter text: The pattern, in lower case.
    package init(_ text: String) {
        isBelow = text.hasPrefix("*.")
        self.text = isBelow ? String(text.dropFirst()) : text
    }

    /// Whether a host is meant; the domain behind the star itself is not.
    /// - Parameter host: The host's name in lower case.
    /// - Returns: True if it is.
    package func matches(_ host: String) -> Bool {
        guard isBelow else { return host == text }
        return host.hasSuffix(text) && host.utf8.count > text.utf8.count
    }
}
