internal import LDAPClient

/// The only gap that a filter or DN template may have.
let userNamePlaceholder = "username"

extension SchemaType<LDAPURL> {
    static var ldapURL: SchemaType {
        .parsed("LDAP URL", example: "ldaps://ldap.example.org", parse: LDAPURL.init(parsing:), text: \.description)
    }
}

extension SchemaType<DistinguishedName> {
    static var distinguishedName: SchemaType {
        .parsed(
            "distinguished name",
            example: "dc=example,dc=org",
            parse: DistinguishedName.init(parsing:),
            text: \.description
        )
    }
}

extension SchemaType<LDAPAttributeName> {
    static var attribute: SchemaType {
        .parsed("attribute name", example: "uid", parse: LDAPAttributeName.init(parsing:), text: \.text)
    }
}

extension SchemaType<LDAPAttributeName?> {
    /// An attribute that a directory need not have; empty text says that it has none.
    static var attributeOrNone: SchemaType {
        .parsed("attribute name", range: "\"\" for none", example: "mail") { text throws(LDAPSyntaxError) in
            text.isEmpty ? nil : try LDAPAttributeName(parsing: text)
        } text: {
            $0?.text ?? ""
        }
    }
}

extension SchemaType<LDAPFilter> {
    /// A filter without gaps.
    static var filter: SchemaType {
        .parsed("search filter", example: "(objectClass=groupOfNames)") { text throws(LDAPSyntaxError) in
            let template = try LDAPFilter.Template(parsing: text)
            if let gap = template.placeholders.min() {
                throw LDAPSyntaxError(.filter, "{\(gap)} is not filled here")
            }
            return try LDAPFilter(parsing: text)
        } text: {
            $0.description
        }
    }
}

extension SchemaType<LDAPFilter.Template> {
    /// A filter that finds one person.
    static var personFilter: SchemaType {
        .parsed("search filter with {username}", example: "(uid={username})") { text throws(LDAPSyntaxError) in
            let template = try LDAPFilter.Template(parsing: text)
            try checkPlaceholders(template.placeholders, otherwise: "would find anybody")
            return template
        } text: {
            $0.description
        }
    }
}

extension SchemaType<DistinguishedName.Template> {
    /// A DN that belongs to one person.
    static var personName: SchemaType {
        let example = "uid={username},ou=people,dc=example,dc=org"
        return .parsed("distinguished name with {username}", example: example) { text throws(LDAPSyntaxError) in
            let template = try DistinguishedName.Template(parsing: text)
            try checkPlaceholders(template.placeholders, otherwise: "would be the same for everybody")
            return template
        } text: {
            $0.description
        }
    }
}

private func checkPlaceholders(_ names: Set<String>, otherwise consequence: String) throws(LDAPSyntaxError) {
    guard names.contains(userNamePlaceholder) else {
        throw LDAPSyntaxError(.template, "the placeholder {\(userNamePlaceholder)} is missing, so it \(consequence)")
    }
    if let unknown = names.subtracting([userNamePlaceholder]).min() {
        throw LDAPSyntaxError(.template, "{\(unknown)} is not known, only {\(userNamePlaceholder)} is")
    }
}

extension SchemaType {
    /// Text that `LDAPClient` understands.
    fileprivate static func parsed(
        _ name: String,
        range: String = "",
        example: String,
        parse: @escaping @Sendable (String) throws(LDAPSyntaxError) -> Value,
        text: @escaping @Sendable (Value) -> String
    ) -> SchemaType {
        .text(name, range: range, example: TOMLText.quoted(example)) { string throws(ValueMistake) in
            do throws(LDAPSyntaxError) {
                return try parse(string)
            } catch {
                let message = "\(TOMLText.shown(string)) is not a valid \(error.subject.rawValue): \(error.message)"
                let fix = "write for example \(TOMLText.quoted(example))"
                // A URL may hold a password, for all that it should not.
                guard error.subject == .url else { throw ValueMistake(message, fix: fix, at: error.offset) }
                throw ValueMistake(
                    "not a valid \(error.subject.rawValue): \(error.message)",
                    fix: fix,
                    at: error.offset
                )
            }
        } text: {
            text($0)
        }
    }
}
