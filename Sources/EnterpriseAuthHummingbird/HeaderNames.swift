package import HTTPTypes

extension HTTPField.Name {
    package static let clearSiteData = known("Clear-Site-Data")
    package static let forwardedFor = known("X-Forwarded-For")
    package static let secFetchMode = known("Sec-Fetch-Mode")
    package static let secFetchSite = known("Sec-Fetch-Site")
    package static let requestedWith = known("X-Requested-With")
    package static let forgeryToken = known("X-CSRF-Token")

    /// A name that is known to be one.
    package static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no name of a header") }
        return name
    }
}
