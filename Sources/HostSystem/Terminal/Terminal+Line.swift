internal import Glibc

extension Terminal {
    /// Asks for a line on the terminal that may be seen while it is typed; blocks the thread.
    ///
    /// Works on the controlling terminal, also when input and output are redirected.
    /// - Parameters:
    ///   - prompt: What to ask, as it is shown; the caller has made it safe to show.
    ///   - limit: The most bytes that are accepted.
    ///   - deadline: When to give up; nil waits for the person.
    ///   - path: The terminal.
    /// - Returns: What was typed, without the line's end; nil if the person ended the input instead.
    /// - Throws: ``HostError``: the terminal cannot be opened (`ENXIO` where there is none), `.tooLarge` or `.timedOut`.
    public static func readLine(
        prompt: String,
        limit: Int = 511,
        deadline: ContinuousClock.Instant? = nil,
        path: String = "/dev/tty"
    ) throws(HostError) -> SecretBytes? {
        let terminal = try HostFile.open(path, flags: O_RDWR | O_NOCTTY)
        try unsafe Array(prompt.utf8).withUnsafeBufferPointer { (bytes) throws(HostError) in
            try unsafe HostFile.writeAll(UnsafeRawBufferPointer(bytes), to: terminal.descriptor, path: path)
        }
        do throws(HostError) {
            return try StandardInput.readSecretLine(limit: limit, deadline: deadline, descriptor: terminal.descriptor)
        } catch {
            // What is left of a line that is too long would be the shell's next command; in the background it is another's.
            if tcgetpgrp(terminal.descriptor) == getpgrp() { tcflush(terminal.descriptor, TCIFLUSH) }
            throw error
        }
    }
}
