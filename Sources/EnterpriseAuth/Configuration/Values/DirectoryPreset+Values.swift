public import LDAPClient

extension DirectoryConfiguration.Users {
    /// Makes the search that a preset describes.
    /// - Parameters:
    ///   - preset: The kind of directory. `custom` finds nobody: its values must come from the file.
    ///   - base: The DN below which people lie.
    public init(preset: DirectoryPreset, base: DistinguishedName) {
        var attributes = Attributes(login: "uid", id: "entryUUID")
        (attributes.displayName, attributes.mail) = ("cn", "mail")
        self.init(base: base, filter: template(matchesNothing), attributes: attributes)
        switch preset {
        case .openldap:
            filter = template("(&(objectClass=inetOrgPerson)(uid={username}))")
            self.attributes.memberOf = "memberOf"
            accountRules = [.passwordPolicy]
        case .rfc2307:
            filter = template("(&(objectClass=posixAccount)(uid={username}))")
            self.attributes.primaryGroup = "gidNumber"
            accountRules = [.passwordPolicy, .shadow]
        case .activeDirectory:
            filter = template("(&(objectCategory=person)(objectClass=user)(sAMAccountName={username}))")
            self.attributes = Attributes(login: "sAMAccountName", id: "objectGUID")
            (self.attributes.displayName, self.attributes.mail) = ("displayName", "mail")
            (self.attributes.memberOf, self.attributes.primaryGroup) = ("memberOf", "primaryGroupID")
            (idFormat, accountRules) = (.guid, [.activeDirectory])
        case .freeipa:
            filter = template("(&(objectClass=person)(uid={username}))")
            self.attributes.id = "ipaUniqueID"
            self.attributes.memberOf = "memberOf"
            accountRules = [.nsAccountLock, .kerberos]
        case .dirsrv389:
            filter = template("(&(objectClass=person)(uid={username}))")
            self.attributes.id = "nsUniqueId"
            self.attributes.memberOf = "memberOf"
            accountRules = [.nsAccountLock]
        case .lldap:
            filter = template("(&(objectClass=person)(uid={username}))")
            self.attributes.memberOf = "memberOf"
        case .custom:
            (self.attributes.displayName, self.attributes.mail) = (nil, nil)
        }
    }
}

extension DirectoryConfiguration.Groups {
    /// Makes the search that a preset describes.
    /// - Parameters:
    ///   - preset: The kind of directory. `custom` finds nobody: its values must come from the file.
    ///   - base: The DN below which groups lie.
    public init(preset: DirectoryPreset, base: DistinguishedName) {
        self.init(base: base, filter: template(matchesNothing).withoutGaps, nameAttribute: "cn")
        memberAttributes = ["member"]
        switch preset {
        case .openldap:
            filter = template("(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))").withoutGaps
            memberAttributes = ["member", "uniqueMember"]
        case .rfc2307:
            filter = template("(objectClass=posixGroup)").withoutGaps
            (memberAttributes, memberNameAttributes) = ([], ["memberUid"])
            primaryGroup = .posix
        case .activeDirectory:
            filter = template("(objectClass=group)").withoutGaps
            primaryGroup = .activeDirectory
        case .freeipa:
            filter = template("(objectClass=ipaUserGroup)").withoutGaps
        case .dirsrv389:
            filter = template("(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))").withoutGaps
            memberAttributes = ["member", "uniqueMember"]
        case .lldap:
            filter = template("(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))").withoutGaps
            pageSize = 0
        case .custom:
            memberAttributes = []
        }
    }
}

/// No entry lacks an object class.
private let matchesNothing = "(!(objectClass=*))"

/// Filters that stand in the program text; a mistake in one traps.
private func template(_ text: String) -> LDAPFilter.Template {
    do {
        return try LDAPFilter.Template(parsing: text)
    } catch {
        preconditionFailure("a preset's filter: \(error)")
    }
}

extension LDAPFilter.Template {
    /// The filter itself, for a template without gaps.
    fileprivate var withoutGaps: LDAPFilter {
        do {
            return try filled([String: String]())
        } catch {
            preconditionFailure("a preset's filter: \(error)")
        }
    }
}
