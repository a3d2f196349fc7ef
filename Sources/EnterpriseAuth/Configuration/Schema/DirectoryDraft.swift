internal import LDAPClient

/// A directory while it is read: the keys about binding are three, the value that they make is one.
struct DirectoryDraft: Sendable {
    /// How the program itself binds.
    enum Method: String, CaseIterable, Sendable {
        case simple
        case anonymous
        case external
    }

    var configuration: DirectoryConfiguration
    var method: Method?
    var bindDN: DistinguishedName?
    var bindPassword: SecretSource?

    init(_ configuration: DirectoryConfiguration) {
        self.configuration = configuration
        switch configuration.bind {
        case .anonymous: method = .anonymous
        case .external: method = .external
        case .simple(let name, let password): (method, bindDN, bindPassword) = (.simple, name, password)
        }
    }

    /// A draft with a preset's values, before anything is said about binding.
    init(name: String, preset: DirectoryPreset, base: DistinguishedName) {
        configuration = DirectoryConfiguration(name: name, preset: preset, urls: [], base: base, bind: .anonymous)
    }

    /// The directory, with the three keys about binding made one value.
    func finished(at path: String, _ context: inout DecodingContext) -> DirectoryConfiguration {
        var result = configuration
        let isGiven = (name: context.isGiven("\(path).bind_dn"), password: context.isGiven("\(path).bind_password"))
        switch method ?? (isGiven.name || isGiven.password ? .simple : nil) {
        case nil where context.isGiven("\(path).bind"): break  // The word was wrong, and that has been said.
        case nil:
            let fix = "add bind_dn and bind_password, or bind = \"external\", or bind = \"anonymous\""
            context.error("\(path).bind", "nothing says how to bind before searching", fix: fix)
        case .simple:
            if !isGiven.name {
                context.error("\(path).bind_dn", "is missing", fix: "add the service account's DN")
            }
            if !isGiven.password {
                let fix = "add bind_password = { file = \"/path/to/it\" }"
                context.error("\(path).bind_password", "is missing", fix: fix)
            }
            if let bindDN, let bindPassword { result.bind = .simple(dn: bindDN, password: bindPassword) }
        case .anonymous, .external:
            let method = method?.rawValue ?? ""
            for (key, given) in [("bind_dn", isGiven.name), ("bind_password", isGiven.password)] where given {
                let message = "has no meaning with bind = \"\(method)\""
                context.error("\(path).\(key)", message, fix: "remove it, or write bind = \"simple\"")
            }
            result.bind = self.method == .external ? .external : .anonymous
        }
        return result
    }
}
