internal import HostCrypto
internal import PortalPages

/// The files that pages refer to; their names hold the hash of their content, so that browsers may keep them for ever.
struct PortalAssets: Sendable {
    /// One file.
    struct File: Sendable {
        let content: [UInt8]
        let type: String
    }

    /// Where they lie: among the portal's paths of every host, for its pages are shown there too.
    static let prefix = LoginEntrance.prefix + "assets/"

    let stylePath: String
    let iconPath: String
    /// The logo's path, if there is a logo.
    let logoPath: String?
    /// The files by path.
    let files: [String: File]

    /// Takes the style sheet and the icon that come with the program, and the company's logo.
    /// - Parameter logo: The logo with its media type.
    init(logo: File? = nil) {
        let style = File(content: PageRenderer.styleSheet, type: "text/css; charset=utf-8")
        let icon = File(content: PageRenderer.icon, type: "image/svg+xml")
        stylePath = Self.path("portal", style, "css")
        iconPath = Self.path("icon", icon, "svg")
        var files = [stylePath: style, iconPath: icon]
        logoPath = logo.map { Self.path("logo", $0, $0.type == "image/svg+xml" ? "svg" : "img") }
        if let logo, let logoPath { files[logoPath] = logo }
        self.files = files
    }

    private static func path(_ name: String, _ file: File, _ suffix: String) -> String {
        let hash = Base64URL.encode(Array(SHA256Digest(of: file.content).bytes.prefix(9)))
        return "\(prefix)\(name)-\(hash).\(suffix)"
    }
}
