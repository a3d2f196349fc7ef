import HostSystem

extension SecretBytes {
    /// A secret from text.
    convenience init(text: String) { self.init(Array(text.utf8)) }
}
