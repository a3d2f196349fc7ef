extension SecretBytes {
    /// The secret as a line of a file.
    /// - Returns: The secret with one `\n` behind it.
    public func withTrailingNewline() -> SecretBytes {
        unsafe SecretBytes(capacity: count + 1) { buffer in
            unsafe withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            unsafe buffer[count] = UInt8(ascii: "\n")
            return count + 1
        }
    }

    /// The secret without the line end that an editor or `echo` puts behind it.
    ///
    /// One `\n` or `\r\n` goes, no more: a password may end with a newline of its own.
    /// - Returns: The shorter secret, or this one if there is nothing to cut.
    public func withoutTrailingNewline() -> SecretBytes {
        // Sound: the new secret copies the bytes before the pointer dies.
        unsafe withUnsafeBytes { bytes in
            var text = unsafe bytes[...]
            guard unsafe text.last == UInt8(ascii: "\n") else { return self }
            unsafe text.removeLast()
            if unsafe text.last == UInt8(ascii: "\r") { unsafe text.removeLast() }
            return unsafe SecretBytes(text)
        }
    }
}
