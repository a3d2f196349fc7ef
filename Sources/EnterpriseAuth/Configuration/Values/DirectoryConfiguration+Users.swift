public import LDAPClient

extension DirectoryConfiguration {
    /// How far below its base a search looks.
    public enum Scope: String, Sendable, CaseIterable {
        /// The children of the base only.
        case oneLevel = "one-level"
        /// The base and everything below.
        case subtree
    }

    /// Which rules tell whether an account may be used at all.
    public enum AccountRule: String, Sendable, CaseIterable {
        /// OpenLDAP's password policy: `pwdAccountLockedTime`, `pwdReset`, `pwdEndTime`, …
        case passwordPolicy = "password-policy"
        /// RFC 2307 shadow attributes: `shadowExpire`, …
        case shadow
        /// Active Directory: `userAccountControl`, `accountExpires`, `pwdLastSet`.
        case activeDirectory = "active-directory"
        /// 389-ds and FreeIPA: `nsAccountLock`.
        case nsAccountLock = "ns-account-lock"
        /// FreeIPA: `krbPasswordExpiration` and `krbPrincipalExpiration`.
        case kerberos
    }

    /// How people are found, and which attributes tell what about them.
    public struct Users: Sendable, Equatable {
        /// The form of the immutable id.
        public enum IDFormat: String, Sendable, CaseIterable {
            /// Text, taken as it is.
            case text
            /// Sixteen bytes in Microsoft's mixed order, written as a GUID.
            case guid
        }

        /// The names of attributes.
        public struct Attributes: Sendable, Equatable {
            /// The login name; single-valued, and never what was typed.
            public var login: LDAPAttributeName
            /// The immutable id.
            public var id: LDAPAttributeName
            /// The name to show.
            public var displayName: LDAPAttributeName?
            /// The mail address.
            public var mail: LDAPAttributeName?
            /// The DNs of the person's groups, kept by the server.
            public var memberOf: LDAPAttributeName?
            /// The number of the primary group.
            public var primaryGroup: LDAPAttributeName?

            /// Makes a set of names.
            /// - Parameters:
            ///   - login: The attribute with the login name.
            ///   - id: The attribute with the immutable id.
            public init(login: LDAPAttributeName, id: LDAPAttributeName) {
                self.login = login
                self.id = id
            }
        }

        /// The DN below which people lie.
        public var base: DistinguishedName
        /// The filter that finds a person; `{username}` stands for the escaped name.
        public var filter: LDAPFilter.Template
        /// How far below `base` is searched.
        public var scope: Scope = .subtree
        /// A DN with `{username}` to bind as without a search first; nil means search, then bind.
        public var dnTemplate: DistinguishedName.Template?
        /// The form of the immutable id.
        public var idFormat: IDFormat = .text
        /// Which rules tell whether an account may be used at all.
        public var accountRules: [AccountRule] = []
        /// The names of attributes.
        public var attributes: Attributes

        /// Makes a search from its parts.
        /// - Parameters:
        ///   - base: The DN below which people lie.
        ///   - filter: The filter that finds a person.
        ///   - attributes: The names of attributes.
        public init(base: DistinguishedName, filter: LDAPFilter.Template, attributes: Attributes) {
            self.base = base
            self.filter = filter
            self.attributes = attributes
        }
    }
}
