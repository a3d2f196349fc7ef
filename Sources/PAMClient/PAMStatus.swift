internal import CPAMShim

/// What a call of libpam returned.
///
/// A structure rather than an enumeration: modules may answer with numbers that nobody has named, and those survive.
/// The meanings are those of pam(3), `pam_authenticate(3)` and `pam_acct_mgmt(3)`.
public struct PAMStatus: RawRepresentable, Hashable, Sendable {
    /// The number as libpam knows it.
    public let rawValue: Int32

    /// Keeps a number of libpam's.
    /// - Parameter rawValue: The number; unknown ones are kept as they are.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Success; the C name is `PAM_SUCCESS`.
    public static let success = Self(rawValue: 0)
    /// A module could not be loaded; `PAM_OPEN_ERR`.
    public static let openError = Self(rawValue: 1)
    /// A module lacks a function; `PAM_SYMBOL_ERR`.
    public static let symbolError = Self(rawValue: 2)
    /// A module failed inside; `PAM_SERVICE_ERR`.
    public static let serviceError = Self(rawValue: 3)
    /// The system failed; `PAM_SYSTEM_ERR`.
    public static let systemError = Self(rawValue: 4)
    /// No memory; `PAM_BUF_ERR`.
    public static let bufferError = Self(rawValue: 5)
    /// Denied, for instance locked after too many tries; `PAM_PERM_DENIED`.
    public static let permissionDenied = Self(rawValue: 6)
    /// The password is not right; `PAM_AUTH_ERR`.
    public static let authenticationError = Self(rawValue: 7)
    /// This process may not read what it would need to know; `PAM_CRED_INSUFFICIENT`.
    public static let credentialsInsufficient = Self(rawValue: 8)
    /// The service behind the module gives no answer; `PAM_AUTHINFO_UNAVAIL`.
    public static let authenticationUnavailable = Self(rawValue: 9)
    /// Nobody of that name; `PAM_USER_UNKNOWN`.
    public static let userUnknown = Self(rawValue: 10)
    /// No further try is welcome; `PAM_MAXTRIES`.
    public static let maximumTries = Self(rawValue: 11)
    /// The password is right and must be changed; `PAM_NEW_AUTHTOK_REQD`.
    public static let newPasswordRequired = Self(rawValue: 12)
    /// The account has expired; `PAM_ACCT_EXPIRED`.
    public static let accountExpired = Self(rawValue: 13)
    /// The credentials have expired; `PAM_CRED_EXPIRED`.
    public static let credentialsExpired = Self(rawValue: 16)
    /// The conversation was broken off; `PAM_CONV_ERR`.
    public static let conversationError = Self(rawValue: 19)
    /// No module had a word to say; `PAM_IGNORE`.
    public static let ignore = Self(rawValue: 25)
    /// A module or the configuration failed for good; `PAM_ABORT`.
    public static let abort = Self(rawValue: 26)
    /// The password expired so long ago that it cannot be changed any more; `PAM_AUTHTOK_EXPIRED`.
    public static let passwordExpired = Self(rawValue: 27)
    /// The stack names a module that is not there; `PAM_MODULE_UNKNOWN`.
    public static let moduleUnknown = Self(rawValue: 28)
    /// An item was refused; `PAM_BAD_ITEM`.
    public static let badItem = Self(rawValue: 29)
}

extension PAMStatus: CustomStringConvertible {
    /// The number with libpam's own text for it, such as `7 (Authentication failure)`.
    public var description: String {
        // The text is static inside libpam (or its message catalogue) and the handle is not looked at.
        let text = unsafe pam_strerror(nil, rawValue).map { text in unsafe String(cString: text) }
        return "\(rawValue) (\(text ?? "unknown"))"
    }
}
