internal import CHostShim
internal import Glibc

/// Why something that was asked of the operating system did not happen.
///
/// `description` is one sentence for a person: what was tried, on what, and the reason. It never holds content, only
/// names: paths, addresses, host names.
public struct HostError: Error, Sendable, Hashable {
    /// The kinds of reason.
    public enum Reason: Sendable, Hashable {
        /// A system call failed with this `errno` value.
        case system(Int32)
        /// The deadline passed first.
        case timedOut
        /// The task was cancelled.
        case cancelled
        /// There is more content than the given limit of bytes.
        case tooLarge(limit: Int)
        /// A directory, device, socket or pipe stands where a regular file is needed.
        case notRegularFile
        /// The name is known to nobody: an answer, not an outage.
        case unknownName
        /// The name servers gave no usable answer; the text says why.
        case nameService(String)
        /// A bounded queue is full.
        case busy
        /// The other side has closed, or this side was closed before.
        case closed
        /// The input breaks a rule that the text names.
        case invalid(String)
    }

    /// Why it failed.
    public let reason: Reason

    /// What was tried, as a function name where there is one (`open`, `connect`, `getpwnam_r`).
    public let call: String

    /// What it was tried on (a path, an address, a name); may be empty.
    public let subject: String

    /// Makes an error.
    /// - Parameters:
    ///   - reason: Why it failed.
    ///   - call: What was tried.
    ///   - subject: What it was tried on; never a secret.
    public init(_ reason: Reason, call: String, subject: String = "") {
        self.reason = reason
        self.call = call
        self.subject = subject
    }

    /// The `errno` value, if a system call said no.
    public var code: Int32? {
        if case .system(let code) = reason { code } else { nil }
    }

    /// Whether the reason is that the thing does not exist (`ENOENT`).
    public var isNotFound: Bool { code == ENOENT }
}

extension HostError: CustomStringConvertible {
    /// The sentence for a person, such as `open /etc/x: Permission denied`.
    public var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}

extension HostError.Reason: CustomStringConvertible {
    /// The reason in words; for a system call the text of strerror(3).
    public var description: String {
        switch self {
        case .system(let code): HostError.text(of: code)
        case .timedOut: "no answer before the deadline"
        case .cancelled: "cancelled"
        case .tooLarge(let limit): "larger than the limit of \(limit) bytes"
        case .notRegularFile: "not a regular file"
        case .unknownName: "no such name"
        case .nameService(let text): "name service: \(text)"
        case .busy: "too many requests are waiting already"
        case .closed: "closed"
        case .invalid(let rule): rule
        }
    }
}

extension HostError {
    /// The text of an `errno` value, as strerror(3) has it.
    /// - Parameter code: A positive `errno` value.
    /// - Returns: A short text in the process's locale.
    public static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        // The GNU form may return a constant instead of filling the buffer; either way the result is NUL-terminated.
        guard let text = unsafe chost_error_text(code, &buffer, buffer.count) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
