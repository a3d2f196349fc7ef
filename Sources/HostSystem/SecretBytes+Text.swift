extension SecretBytes {
    /// The bytes as text, for what was read like a secret and is none, such as a user name; nil if they are not UTF-8.
    public var text: String? {
        unsafe withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
}
