internal import Mustache

/// Turns pages into HTML.
///
/// Everything that is put into a template is escaped by it (`{{…}}`); none of the templates has an unescaped place.
public struct PageRenderer: Sendable {
    /// The style sheet of all pages.
    public static let styleSheet = PackageResources.portal_css

    /// The icon of all pages, an SVG image.
    public static let icon = PackageResources.icon_svg

    private let brand: Brand
    private let library: MustacheLibrary

    /// Reads the templates.
    /// - Parameter brand: What makes the pages a company's own.
    /// - Throws: What the template library says of a template that it cannot read: a fault of the build.
    public init(_ brand: Brand) throws {
        self.brand = brand
        var library = MustacheLibrary()
        try library.register(String(decoding: PackageResources.layout_mustache, as: UTF8.self), named: "layout")
        for template in PageTemplate.allCases {
            try library.register(String(decoding: template.text, as: UTF8.self), named: template.rawValue)
        }
        self.library = library
    }

    /// Renders a page.
    /// - Parameters:
    ///   - page: The content.
    ///   - frame: What stands around it.
    /// - Returns: The HTML.
    public func render(_ page: some Page, in frame: PageFrame) -> String {
        let phrases = frame.phrases
        var fields = page.fields(phrases)
        let heading = page.heading(phrases)
        let isError = frame.notices.contains { $0.kind == .error }
        fields["t"] = phrases.texts
        fields["language"] = phrases.language
        fields["direction"] = phrases.direction
        fields["heading"] = heading
        fields["layout"] = page.template.isWide ? "wide" : "narrow"
        fields["isError"] = isError
        // A reader hears the title first: an error should be in it (WCAG 2.2, technique G199).
        fields["title"] = isError ? "⚠ \(heading)" : heading
        fields["company"] = brand.company
        fields["style"] = frame.style
        fields["icon"] = frame.icon
        fields["notices"] = frame.notices.map(\.fields)
        fields["logo"] = brand.logo
        fields["help"] = brand.help
        if let person = frame.person {
            fields["visitor"] = ["text": phrases.text("logged_in_as", ["name": person])]
        }
        return library.render(fields, withTemplate: page.template.rawValue) ?? ""
    }
}
