/// A way in which somebody looks at a page.
enum Look: String, CaseIterable {
    case light, dark, phone
    case darkPhone = "dark-phone"
    /// A window of 1280 pixels at 200 % (WCAG 2.2, 1.4.4).
    case zoomed
    /// The same at 400 %: 320 pixels are left (1.4.10).
    case reflowed
    /// Letters of twice the size, by the settings of the browser.
    case largeText = "large-text"
    /// More room between letters, words and lines (1.4.12).
    case spaced
    /// The colours that the person has chosen.
    case forced

    /// The ways in which every page is looked at; the further ones are for those that have everything there is.
    static let common: [Look] = [.light, .dark, .phone, .reflowed]

    private var isDark: Bool { self == .dark || self == .darkPhone || self == .forced }

    private var metrics: JSON {
        switch self {
        case .phone, .darkPhone: ["width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true]
        case .zoomed: ["width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": false]
        case .reflowed: ["width": 320, "height": 640, "deviceScaleFactor": 2, "mobile": false]
        default: ["width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false]
        }
    }

    /// Shows the page that a browser is at in this way.
    func apply(to browser: Browser) async throws {
        try await browser.tell("Emulation.setDeviceMetricsOverride", metrics)
        let features: JSON = [
            ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"],
            ["name": "forced-colors", "value": self == .forced ? "active" : "none"],
        ]
        try await browser.tell("Emulation.setEmulatedMedia", ["media": "", "features": features])
        // A person's own style counts whatever the page's policy says, as these do.
        _ = try await browser.run(
            """
            const [size, isSpaced] = arguments;
            document.documentElement.style.fontSize = size;
            for (const element of document.querySelectorAll('*')) {
              element.style.letterSpacing = isSpaced ? '.12em' : '';
              element.style.wordSpacing = isSpaced ? '.16em' : '';
              element.style.lineHeight = isSpaced ? '1.5' : '';
              if (element.getAttribute('style') === '') element.removeAttribute('style');
            }
            """,
            .string(self == .largeText ? "200%" : ""),
            .bool(self == .spaced)
        )
    }
}
