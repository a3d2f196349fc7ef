internal import Glibc

/// The two streams that a program answers on, written to without a buffer in between.
public enum StandardStream: Int32, Sendable {
    /// What was asked for.
    case output = 1
    /// What else a person or a log should know.
    case error = 2

    /// Whether a person sits behind it.
    public var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Writes a text as a whole; blocks for as long as the reader does not read.
    /// - Parameter text: What to write, line ends included.
    /// - Throws: ``HostError``, with `EPIPE` if the reader is gone (where `SIGPIPE` is ignored).
    public func write(_ text: String) throws(HostError) {
        try unsafe Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(HostError) in
            try unsafe HostFile.writeAll(UnsafeRawBufferPointer(bytes), to: rawValue, path: "\(self)")
        }
    }
}
