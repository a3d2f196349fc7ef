public import EnterpriseAuth
internal import HostSystem
internal import PortalPages

/// What makes a portal's pages a company's own: name, logo, languages.
public struct PortalAppearance: Sendable {
    /// The most bytes of a picture or of a file with texts.
    private static let fileLimit = 1 << 20

    let brand: Brand
    let phraseBook: PhraseBook
    let assets: PortalAssets

    /// Reads the files that the configuration names; blocks for as long as the disk takes.
    /// - Parameter settings: `[portal]`.
    /// - Throws: `PortalProblem` with the first file that cannot be used.
    public init(reading settings: PortalConfiguration) throws(PortalProblem) {
        var phrases: [Phrases] = []
        for path in settings.translations {
            let bytes = try Self.read(path, "portal.translations")
            do {
                phrases.append(try Phrases(bytes))
            } catch {
                throw PortalProblem("portal.translations: \(path) cannot be used:\n\(error)")
            }
        }
        phraseBook = PhraseBook(phrases)
        assets = PortalAssets(logo: try settings.logo.map { path throws(PortalProblem) in try Self.logo(path) })
        brand = Brand(
            company: settings.company ?? settings.publicURL.host,
            logo: assets.logoPath,
            help: settings.help
        )
    }

    private static func logo(_ path: String) throws(PortalProblem) -> PortalAssets.File {
        let bytes = try read(path, "portal.logo")
        let types: [(suffix: String, type: String)] = [
            (".svg", "image/svg+xml"), (".png", "image/png"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"),
            (".webp", "image/webp"),
        ]
        guard let type = types.first(where: { path.lowercased().hasSuffix($0.suffix) })?.type else {
            throw PortalProblem("portal.logo: \(path) has none of the endings .svg, .png, .jpg, .webp")
        }
        return PortalAssets.File(content: bytes, type: type)
    }

    private static func read(_ path: String, _ key: String) throws(PortalProblem) -> [UInt8] {
        do throws(HostError) {
            return try HostFile.read(path, limit: fileLimit)
        } catch {
            throw PortalProblem("\(key): \(error)")
        }
    }
}
