internal import HTTPTypes

extension HTTPField.Name {
    static let clearSiteData = known("Clear-Site-Data")
    static let forwardedFor = known("X-Forwarded-For")
    static let secFetchMode = known("Sec-Fetch-Mode")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let requestedWith = known("X-Requested-With")
    static let forgeryToken = known("X-CSRF-Token")

    private static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no name of a header") }
        return name
    }
}
