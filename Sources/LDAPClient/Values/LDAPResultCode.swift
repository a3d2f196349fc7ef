internal import CLDAPShim

/// A result code of LDAP: zero and above as servers send them, below zero as the C library makes them.
///
/// Numbers that have no name here survive unchanged (RFC 4511, section 4.1.9 and appendix A; `ldap.h`).
public struct LDAPResultCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// What a code says about the question that was asked.
    public enum Category: Sendable, Hashable {
        /// The server has answered: yes or no, and it may be believed.
        case answer
        /// Nobody has answered the question; another server, or the same one later, might.
        case outage
        /// The question was wrong: the set-up of this client or of the server has to change.
        case misconfiguration
    }

    /// The number itself.
    public let rawValue: Int32

    /// Wraps a number.
    /// - Parameter rawValue: The number, as on the wire or as in `ldap.h`.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Which of the three the code is.
    ///
    /// Size and time limits are never an answer, because what came with them is not the whole list.
    /// An unknown positive code counts as misconfiguration and an unknown negative one as outage: neither says yes.
    public var category: Category {
        switch self {
        case .success, .compareFalse, .compareTrue, .noSuchAttribute, .constraintViolation, .noSuchObject,
            .invalidCredentials, .unwillingToPerform:
            .answer
        case .timeLimitExceeded, .adminLimitExceeded, .busy, .unavailable, .other:
            .outage
        default:
            rawValue < 0 && self != .filterError && self != .parameterError ? .outage : .misconfiguration
        }
    }

    /// The library's text for the code with the number behind it, for example `Invalid credentials (49)`.
    public var description: String {
        guard let text = unsafe ldap_err2string(rawValue) else { return "result code \(rawValue)" }
        return unsafe "\(String(cString: text)) (\(rawValue))"
    }
}

extension LDAPResultCode {
    /// Done, `LDAP_SUCCESS`.
    public static let success = LDAPResultCode(rawValue: 0)
    /// The operation came out of order, `LDAP_OPERATIONS_ERROR`.
    public static let operationsError = LDAPResultCode(rawValue: 1)
    /// The server did not understand the request, `LDAP_PROTOCOL_ERROR`.
    public static let protocolError = LDAPResultCode(rawValue: 2)
    /// The search took longer than allowed, `LDAP_TIMELIMIT_EXCEEDED`.
    public static let timeLimitExceeded = LDAPResultCode(rawValue: 3)
    /// There are more entries than allowed, `LDAP_SIZELIMIT_EXCEEDED`.
    public static let sizeLimitExceeded = LDAPResultCode(rawValue: 4)
    /// The comparison came out false, `LDAP_COMPARE_FALSE`.
    public static let compareFalse = LDAPResultCode(rawValue: 5)
    /// The comparison came out true, `LDAP_COMPARE_TRUE`.
    public static let compareTrue = LDAPResultCode(rawValue: 6)
    /// The way of binding is unknown to the server, `LDAP_AUTH_METHOD_NOT_SUPPORTED`.
    public static let authMethodNotSupported = LDAPResultCode(rawValue: 7)
    /// The server wants stronger authentication, `LDAP_STRONG_AUTH_REQUIRED`.
    public static let strongerAuthRequired = LDAPResultCode(rawValue: 8)
    /// The server sends the client elsewhere, `LDAP_REFERRAL`.
    public static let referral = LDAPResultCode(rawValue: 10)
    /// An administrator's limit was hit, `LDAP_ADMINLIMIT_EXCEEDED`.
    public static let adminLimitExceeded = LDAPResultCode(rawValue: 11)
    /// A control marked critical is unknown, `LDAP_UNAVAILABLE_CRITICAL_EXTENSION`.
    public static let unavailableCriticalExtension = LDAPResultCode(rawValue: 12)
    /// The server wants TLS first, `LDAP_CONFIDENTIALITY_REQUIRED`.
    public static let confidentialityRequired = LDAPResultCode(rawValue: 13)
    /// SASL goes on, `LDAP_SASL_BIND_IN_PROGRESS`.
    public static let saslBindInProgress = LDAPResultCode(rawValue: 14)
    /// The entry lacks the attribute, `LDAP_NO_SUCH_ATTRIBUTE`.
    public static let noSuchAttribute = LDAPResultCode(rawValue: 16)
    /// The schema does not know the attribute, `LDAP_UNDEFINED_TYPE`.
    public static let undefinedAttributeType = LDAPResultCode(rawValue: 17)
    /// The attribute cannot be matched so, `LDAP_INAPPROPRIATE_MATCHING`.
    public static let inappropriateMatching = LDAPResultCode(rawValue: 18)
    /// A rule of the server forbids it; 389-ds says it for a locked account.
    ///
    /// In C it is `LDAP_CONSTRAINT_VIOLATION`.
    public static let constraintViolation = LDAPResultCode(rawValue: 19)
    /// The value does not fit the attribute, `LDAP_INVALID_SYNTAX`.
    public static let invalidAttributeSyntax = LDAPResultCode(rawValue: 21)
    /// There is no such entry, `LDAP_NO_SUCH_OBJECT`.
    public static let noSuchObject = LDAPResultCode(rawValue: 32)
    /// The name is not well formed, `LDAP_INVALID_DN_SYNTAX`.
    public static let invalidDNSyntax = LDAPResultCode(rawValue: 34)
    /// The entry cannot be bound as, `LDAP_INAPPROPRIATE_AUTH`.
    public static let inappropriateAuthentication = LDAPResultCode(rawValue: 48)
    /// Wrong name or password, `LDAP_INVALID_CREDENTIALS`.
    public static let invalidCredentials = LDAPResultCode(rawValue: 49)
    /// The bound identity may not do this, `LDAP_INSUFFICIENT_ACCESS`.
    public static let insufficientAccessRights = LDAPResultCode(rawValue: 50)
    /// The server is too busy, `LDAP_BUSY`.
    public static let busy = LDAPResultCode(rawValue: 51)
    /// The server is shutting down or not ready, `LDAP_UNAVAILABLE`.
    public static let unavailable = LDAPResultCode(rawValue: 52)
    /// The server refuses; 389-ds says it for an inactivated account.
    ///
    /// In C it is `LDAP_UNWILLING_TO_PERFORM`.
    public static let unwillingToPerform = LDAPResultCode(rawValue: 53)
    /// Something else went wrong at the server, `LDAP_OTHER`.
    public static let other = LDAPResultCode(rawValue: 80)
}

extension LDAPResultCode {
    /// The connection is gone or never came about, `LDAP_SERVER_DOWN`.
    public static let serverDown = LDAPResultCode(rawValue: -1)
    /// The C library failed by itself, `LDAP_LOCAL_ERROR`.
    public static let localError = LDAPResultCode(rawValue: -2)
    /// A request could not be written down, `LDAP_ENCODING_ERROR`.
    public static let encodingError = LDAPResultCode(rawValue: -3)
    /// An answer could not be read, `LDAP_DECODING_ERROR`.
    public static let decodingError = LDAPResultCode(rawValue: -4)
    /// No answer within the time, `LDAP_TIMEOUT`.
    public static let timeout = LDAPResultCode(rawValue: -5)
    /// The filter is not well formed, `LDAP_FILTER_ERROR`.
    public static let filterError = LDAPResultCode(rawValue: -7)
    /// The caller lost interest, `LDAP_USER_CANCELLED`.
    public static let userCancelled = LDAPResultCode(rawValue: -8)
    /// An argument is not usable, `LDAP_PARAM_ERROR`.
    public static let parameterError = LDAPResultCode(rawValue: -9)
    /// The connection, or TLS on it, could not be set up, `LDAP_CONNECT_ERROR`.
    public static let connectError = LDAPResultCode(rawValue: -11)
}
