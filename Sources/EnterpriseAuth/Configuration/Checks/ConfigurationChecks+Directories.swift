internal import LDAPClient

extension ConfigurationChecks {
    func checkDirectories(_ context: inout DecodingContext) {
        let used = Set(configuration.providers.values.compactMap(\.directory) + [configuration.active.directory ?? ""])
        for (name, directory) in configuration.directories.sorted(by: { $0.key < $1.key }) {
            let path = "directories.\(name)"
            if !used.contains(name) {
                let fix = "name it in a provider or in active.directory, or remove it"
                context.warn(path, "is not used by anything", fix: fix)
            }
            checkServers(directory, path, &context)
            checkTLS(directory, path, &context)
            checkSchema(directory, path, &context)
            checkTimes(directory, path, &context)
        }
    }

    private func checkServers(_ directory: DirectoryConfiguration, _ path: String, _ context: inout DecodingContext) {
        if directory.urls.isEmpty, context.isGiven("\(path).urls"), !context.isFaulty("\(path).urls") {
            context.error("\(path).urls", "names no server", fix: "name at least one")
        }
        var seen: Set<LDAPURL> = []
        for (index, url) in directory.urls.enumerated() {
            let element = "\(path).urls[\(index)]"
            if !seen.insert(url).inserted {
                context.error(element, "\(url) is named twice", fix: "remove one of them")
            }
            guard url.scheme == .ldap, !directory.startTLS, !url.isLoopback else { continue }
            if !directory.allowCleartext {
                let message = "passwords would cross the network to \(url.host) in clear"
                let fix = "use ldaps://, or start_tls = true, or say allow_cleartext = true"
                context.error(element, message, fix: fix)
            } else {
                let message = "passwords cross the network to \(url.host) in clear"
                context.warn(element, message, fix: "use ldaps:// or start_tls = true")
            }
        }
    }

    private func checkTLS(_ directory: DirectoryConfiguration, _ path: String, _ context: inout DecodingContext) {
        let tls = directory.tls
        let (hasCertificate, hasKey) = (tls.certificateFile != nil, tls.keyFile != nil)
        if hasCertificate != hasKey, !context.isFaulty("\(path).tls") {
            let (given, missing) = hasKey ? ("key_file", "certificate_file") : ("certificate_file", "key_file")
            context.error("\(path).tls.\(given)", "needs \(missing) beside it", fix: "add \(missing)")
        }
        guard directory.bind == .external, !hasCertificate else { return }
        for (index, url) in directory.urls.enumerated() where url.scheme != .ldapi {
            let message = "bind = \"external\" needs a client certificate for \(url)"
            context.error("\(path).urls[\(index)]", message, fix: "add tls.certificate_file and tls.key_file")
        }
    }

    private func checkSchema(_ directory: DirectoryConfiguration, _ path: String, _ context: inout DecodingContext) {
        let (users, groups) = (directory.users, directory.groups)
        if directory.preset == .custom { checkCustom(directory, path, &context) }
        if groups.strategy == .memberOf, users.attributes.memberOf == nil {
            let message = "\"member-of\" needs users.attributes.member_of"
            context.error("\(path).groups.strategy", message, fix: "add member_of to [\(path).users.attributes]")
        }
        let hasMembers = !groups.memberAttributes.isEmpty || !groups.memberNameAttributes.isEmpty
        if groups.strategy == .member, !hasMembers, !context.isFaulty("\(path).groups") {
            let message = "has neither member_attributes nor member_name_attributes, so nobody is in any group"
            context.error("\(path).groups", message, fix: "add member_attributes = [\"member\"]")
        }
        if groups.primaryGroup != .none, users.attributes.primaryGroup == nil {
            let message = "groups.primary_group needs users.attributes.primary_group"
            let fix = "add primary_group to [\(path).users.attributes], or groups.primary_group = \"none\""
            context.error("\(path).groups.primary_group", message, fix: fix)
        }
        let climbs = groups.nested && (hasMembers || groups.strategy == .memberOf)
        if climbs, groups.memberAttributes.isEmpty, !context.isFaulty("\(path).groups.member_attributes") {
            let message = "groups nest by the DNs of their members, and there are no member_attributes"
            context.error("\(path).groups.nested", message, fix: "add member_attributes, or nested = false")
        }
    }

    private func checkCustom(_ directory: DirectoryConfiguration, _ path: String, _ context: inout DecodingContext) {
        let needed = [
            ("users.filter", "\"(uid={username})\""), ("users.attributes.login", "\"uid\""),
            ("users.attributes.id", "\"entryUUID\""), ("groups.filter", "\"(objectClass=groupOfNames)\""),
            ("groups.name_attribute", "\"cn\""),
        ]
        for (key, example) in needed where !context.isGiven("\(path).\(key)") {
            let name = key.split(separator: ".").last ?? ""
            let table = key.dropLast(name.count + 1)
            let fix = "add \(name) = \(example) to [\(path).\(table)]"
            context.error("\(path).\(key)", "is missing, and preset = \"custom\" has no value for it", fix: fix)
        }
    }

    private func checkTimes(_ directory: DirectoryConfiguration, _ path: String, _ context: inout DecodingContext) {
        let deadline = configuration.login.deadline
        let times = [("connect", directory.timeouts.connect), ("operation", directory.timeouts.operation)]
        for (key, time) in times where time > deadline && context.isGiven("\(path).timeouts.\(key)") {
            let message = "is longer than login.deadline, which ends the login before"
            context.warn("\(path).timeouts.\(key)", message, fix: "make it shorter")
        }
        if directory.failover.retryAfter > directory.failover.retryAtMost, !context.isFaulty("\(path).failover") {
            let given = context.isGiven("\(path).failover.retry_after") ? "retry_after" : "retry_at_most"
            let message = "retry_after must not be longer than retry_at_most"
            context.error("\(path).failover.\(given)", message, fix: "swap them, or make retry_at_most longer")
        }
    }
}
