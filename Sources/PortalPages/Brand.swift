/// What makes the pages a company's own.
public struct Brand: Sendable, Equatable {
    /// The company's name, as the pages show it.
    public var company: String
    /// The URL of its logo; nil shows the name.
    public var logo: String?
    /// A line at the foot of each page: where people find help; nil leaves it out.
    public var help: String?

    /// Puts a brand together.
    /// - Parameters:
    ///   - company: The company's name, as the pages show it.
    ///   - logo: The URL of its logo.
    ///   - help: A line at the foot of each page.
    public init(company: String, logo: String? = nil, help: String? = nil) {
        self.company = company
        self.logo = logo
        self.help = help
    }
}
