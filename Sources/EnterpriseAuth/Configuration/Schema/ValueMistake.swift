/// What is wrong with a value, without its place in the file.
struct ValueMistake: Error {
    /// What is wrong, without a full stop.
    let message: String
    /// What to do about it, without a full stop.
    let fix: String
    /// Where in the value, in UTF-8 bytes; 0 for the whole of it.
    let offset: Int

    init(_ message: String, fix: String, at offset: Int = 0) {
        self.message = message
        self.fix = fix
        self.offset = offset
    }
}
