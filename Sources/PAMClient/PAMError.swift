/// Why a transaction could not even be begun.
///
/// A wrong password is no error: calls that ask the stack return a ``PAMStatus``.
public enum PAMError: Error, Hashable, Sendable {
    /// The service name is empty, a path, or holds a byte that no file name should.
    case invalidService(String)
    /// The user name is empty, too long, or holds a NUL or another control character.
    case invalidUser
    /// Another text for the stack holds a NUL, named by its item.
    case invalidItem(String)
    /// A password or another answer holds a NUL or has more bytes than a stack can be given.
    case invalidAnswer
    /// `pam_start` failed: the service's file is missing or cannot be read.
    case startFailed(PAMStatus, service: String)
    /// `pam_set_item` failed for the named item.
    case itemRefused(PAMStatus, item: String)
}

extension PAMError: CustomStringConvertible {
    /// What went wrong and what to do about it; holds no user name and no secret.
    public var description: String {
        switch self {
        case .invalidService(let service):
            "'\(service)' cannot be a PAM service: a service is the name of one file, in lower case, without '/'"
        case .invalidUser:
            "the user name is empty, longer than 256 bytes, or holds a control character"
        case .invalidItem(let item):
            "\(item) holds a NUL or is longer than 1024 bytes"
        case .invalidAnswer:
            "a password or answer holds a NUL or is longer than \(PAMConversation.maximumAnswerBytes) bytes"
        case .startFailed(let status, let service):
            "pam_start failed for service '\(service)' with \(status): look for its file and its modules"
        case .itemRefused(let status, let item):
            "pam_set_item(\(item)) failed with \(status)"
        }
    }
}
