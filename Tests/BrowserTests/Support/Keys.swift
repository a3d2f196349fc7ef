/// Keys that are no characters, by the code points that WebDriver has for them (section 17.4.2).
enum Keys {
    static let tab = "\u{E004}"
    static let enter = "\u{E007}"
}
