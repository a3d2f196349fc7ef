extension DirectoryConfiguration.Users {
    /// Makes the search that a preset describes.
    /// - Parameters:
    ///   - preset: The kind of directory. `custom` gives empty values, which the loader demands from the file.
    ///   - base: The DN below which people lie.
    public init(preset: DirectoryPreset, base: String) {
        var attributes = Attributes(login: "uid", id: "entryUUID")
        (attributes.displayName, attributes.mail) = ("cn", "mail")
        self.init(base: base, filter: "", attributes: attributes)
        switch preset {
        case .openldap:
            filter = "(&(objectClass=inetOrgPerson)(uid={username}))"
            self.attributes.memberOf = "memberOf"
            accountRules = [.passwordPolicy]
        case .rfc2307:
            filter = "(&(objectClass=posixAccount)(uid={username}))"
            self.attributes.primaryGroup = "gidNumber"
            accountRules = [.passwordPolicy, .shadow]
        case .activeDirectory:
            filter = "(&(objectCategory=person)(objectClass=user)(sAMAccountName={username}))"
            self.attributes = Attributes(login: "sAMAccountName", id: "objectGUID")
            (self.attributes.displayName, self.attributes.mail) = ("displayName", "mail")
            (self.attributes.memberOf, self.attributes.primaryGroup) = ("memberOf", "primaryGroupID")
            (idFormat, accountRules) = (.guid, [.activeDirectory])
        case .freeipa:
            filter = "(&(objectClass=person)(uid={username}))"
            self.attributes.id = "ipaUniqueID"
            self.attributes.memberOf = "memberOf"
            accountRules = [.nsAccountLock, .kerberos]
        case .dirsrv389:
            filter = "(&(objectClass=person)(uid={username}))"
            self.attributes.id = "nsUniqueId"
            self.attributes.memberOf = "memberOf"
            accountRules = [.nsAccountLock]
        case .lldap:
            filter = "(&(objectClass=person)(uid={username}))"
            self.attributes.memberOf = "memberOf"
        case .custom:
            self.attributes = Attributes(login: "", id: "")
        }
    }
}

extension DirectoryConfiguration.Groups {
    /// Makes the search that a preset describes.
    /// - Parameters:
    ///   - preset: The kind of directory. `custom` gives empty values, which the loader demands from the file.
    ///   - base: The DN below which groups lie.
    public init(preset: DirectoryPreset, base: String) {
        self.init(base: base, filter: "", nameAttribute: "cn")
        memberAttributes = ["member"]
        switch preset {
        case .openldap:
            filter = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
            memberAttributes = ["member", "uniqueMember"]
        case .rfc2307:
            filter = "(objectClass=posixGroup)"
            (memberAttributes, memberNameAttributes) = ([], ["memberUid"])
            primaryGroup = .posix
        case .activeDirectory:
            filter = "(objectClass=group)"
            primaryGroup = .activeDirectory
        case .freeipa:
            filter = "(objectClass=ipaUserGroup)"
        case .dirsrv389:
            filter = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
            memberAttributes = ["member", "uniqueMember"]
        case .lldap:
            filter = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
            pageSize = 0
        case .custom:
            nameAttribute = ""
            memberAttributes = []
        }
    }
}
