internal import Glibc

/// The stream that a script feeds a program with.
public enum StandardInput {
    /// Whether a person sits behind it.
    public static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads a secret up to the end of the first line, or of the input; blocks the thread.
    ///
    /// Byte for byte: only the line feed itself is left out. Nothing behind it is taken from the stream.
    /// - Parameters:
    ///   - limit: The most bytes that are accepted.
    ///   - deadline: When to give up; nil waits for the other side.
    ///   - descriptor: Where to read.
    /// - Returns: The secret, which may be empty; nil if the input ended before anything came.
    /// - Throws: ``HostError``: `.tooLarge`, `.timedOut`, or what read(2) says.
    public static func readSecretLine(
        limit: Int,
        deadline: ContinuousClock.Instant? = nil,
        descriptor: Int32 = 0
    ) throws(HostError) -> SecretBytes? {
        var hasEnded = false
        let secret = try unsafe SecretBytes(capacity: limit + 1) { (buffer) throws(HostError) -> Int in
            var count = 0
            while count <= limit {
                try DescriptorReadiness.waitBlocking(for: descriptor, .reading, deadline: deadline, call: "read")
                let byte = unsafe buffer.baseAddress?.advanced(by: count)
                let got = try systemCall("read", "standard input") { unsafe read(descriptor, byte, 1) }
                if got == 0 {
                    hasEnded = count == 0
                    return count
                }
                if unsafe buffer[count] == UInt8(ascii: "\n") { return count }
                count += 1
            }
            throw HostError(.tooLarge(limit: limit), call: "read", subject: "standard input")
        }
        return hasEnded ? nil : secret
    }
}
