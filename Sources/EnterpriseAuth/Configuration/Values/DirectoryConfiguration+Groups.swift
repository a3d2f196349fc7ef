public import LDAPClient

extension DirectoryConfiguration {
    /// How groups, and the people in them, are found.
    public struct Groups: Sendable, Equatable {
        /// Where membership is read.
        public enum Strategy: String, Sendable, CaseIterable {
            /// Groups are searched by the person's DN or login name; always current.
            case member
            /// The person's `users.attributes.member_of` is read; needs the server to keep it.
            case memberOf = "member-of"
        }

        /// What the number in `users.attributes.primary_group` is.
        public enum PrimaryGroup: String, Sendable, CaseIterable {
            /// Ignored.
            case none
            /// A `gidNumber` that one group carries.
            case posix
            /// The last part of a SID in the person's domain (`primaryGroupID`).
            case activeDirectory = "active-directory"
        }

        /// The DN below which groups lie.
        public var base: DistinguishedName
        /// The filter that every group matches.
        public var filter: LDAPFilter
        /// How far below `base` is searched.
        public var scope: Scope = .subtree
        /// The attribute with the group's name, as rules name it.
        public var nameAttribute: LDAPAttributeName
        /// Where membership is read.
        public var strategy: Strategy = .member
        /// The attributes of a group that hold the DNs of its members.
        public var memberAttributes: [LDAPAttributeName] = []
        /// The attributes of a group that hold the login names of its members.
        public var memberNameAttributes: [LDAPAttributeName] = []
        /// What the person's primary group number is.
        public var primaryGroup: PrimaryGroup = .none
        /// The attribute with the group's number, for `primaryGroup == .posix`.
        public var numberAttribute: LDAPAttributeName = "gidNumber"
        /// Whether groups of groups count.
        public var nested = false
        /// How many levels of groups of groups are followed; more is an error, not a shorter list.
        public var maxDepth = 10
        /// How many groups one person may be in; more is an error, not a shorter list.
        public var maxGroups = 1000
        /// How many entries a page of results has; 0 asks for no pages.
        public var pageSize = 500

        /// Makes a search from its parts.
        /// - Parameters:
        ///   - base: The DN below which groups lie.
        ///   - filter: The filter that every group matches.
        ///   - nameAttribute: The attribute with the group's name.
        public init(base: DistinguishedName, filter: LDAPFilter, nameAttribute: LDAPAttributeName) {
            self.base = base
            self.filter = filter
            self.nameAttribute = nameAttribute
        }
    }
}
