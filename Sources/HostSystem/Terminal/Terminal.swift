internal import CHostShim
internal import Glibc

/// Asking a person, who may not want to be overlooked, and fitting text to the window.
public enum Terminal {
    /// Asks for a secret on the terminal, without echo; blocks the thread.
    ///
    /// Works on the controlling terminal, also when input and output are redirected. The echo comes back whatever ends
    /// the wait: the answer, the deadline, a signal (which then does what it would have done) or exit(3).
    /// - Parameters:
    ///   - prompt: What to ask, as it is shown; the caller has made it safe to show.
    ///   - limit: The most bytes that are accepted, at most 4095 (the line limit of termios(3)).
    ///   - deadline: When to give up; nil waits for the person.
    ///   - path: The terminal.
    /// - Returns: What was typed, without the line's end; nil if the person ended the input instead.
    /// - Throws: ``HostError``: the terminal cannot be opened (`ENXIO` where there is none), `.tooLarge`, `.timedOut`, or
    ///   `EINTR` if a signal came that the process survived.
    public static func readSecret(
        prompt: String,
        limit: Int = 511,
        deadline: ContinuousClock.Instant? = nil,
        path: String = "/dev/tty"
    ) throws(HostError) -> SecretBytes? {
        precondition((1...4095).contains(limit), "a terminal's line has at most 4095 bytes")
        let terminal = try HostFile.open(path, flags: O_RDWR | O_NOCTTY)
        let timeout = deadline.map { Int64($0.millisecondsFromNow) } ?? -1
        var hasEnded = false
        let secret = try unsafe SecretBytes(capacity: limit) { (buffer) throws(HostError) -> Int in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard let start = unsafe start else { return 0 }
            let count = unsafe chost_read_hidden(terminal.descriptor, prompt, start, buffer.count, timeout)
            switch count {
            case CHOST_HIDDEN_END:
                hasEnded = true
                return 0
            case CHOST_HIDDEN_TIMED_OUT: throw HostError(.timedOut, call: "read", subject: path)
            case CHOST_HIDDEN_TOO_LONG: throw HostError(.tooLarge(limit: limit), call: "read", subject: path)
            case ..<0: throw HostError(.system(errno), call: "read", subject: path)
            default: return count
            }
        }
        return hasEnded ? nil : secret
    }

    /// The width of the window that a stream is shown in.
    /// - Parameter stream: The stream.
    /// - Returns: The number of columns, or nil if it is no terminal or does not say.
    public static func width(of stream: StandardStream) -> Int? {
        let width = chost_terminal_width(stream.rawValue)
        return width > 0 ? Int(width) : nil
    }
}
