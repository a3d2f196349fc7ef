internal import COpenSSL

/// Why libcrypto did not do what it was asked for.
public struct CryptoError: Error, Sendable, Hashable {
    /// The kinds of reason.
    public enum Reason: Sendable, Hashable {
        /// What was given has the wrong form; the text says what is wanted.
        case malformed(String)
        /// The sealed content was changed, or belongs to another key or another purpose.
        case notAuthentic
        /// libcrypto refused; its own words.
        case refused(String)
    }

    /// Why it failed.
    public let reason: Reason

    /// What was tried, such as `open a sealed box`.
    public let operation: String

    /// Makes an error.
    /// - Parameters:
    ///   - reason: Why it failed.
    ///   - operation: What was tried.
    public init(_ reason: Reason, operation: String) {
        self.reason = reason
        self.operation = operation
    }

    /// The error that libcrypto has put on this thread's queue; the queue is empty afterwards.
    static func last(_ operation: String) -> CryptoError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        var text = [CChar](repeating: 0, count: 256)
        unsafe ERR_error_string_n(code, &text, text.count)
        let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return CryptoError(.refused(code == 0 ? "no reason given" : words), operation: operation)
    }
}

extension CryptoError: CustomStringConvertible {
    /// One sentence for a log, without any content.
    public var description: String {
        switch reason {
        case .malformed(let want): "cannot \(operation): \(want)"
        case .notAuthentic: "cannot \(operation): it was changed, or belongs to another key or purpose"
        case .refused(let text): "cannot \(operation): \(text)"
        }
    }
}
