extension ConfigurationChecks {
    func checkActive(_ context: inout DecodingContext) {
        let active = configuration.active
        guard context.isGiven("active") else {
            let fix = "add [active] with a directory and a rule, or with everyone = true if that is meant"
            context.error("active", "there is no [active], so nothing says who may log in", fix: fix)
            return
        }
        if let directory = active.directory {
            let known = configuration.directories.keys.sorted()
            checkName(directory, at: "active.directory", in: "directories", known: known, &context)
        }
        guard !context.isFaulty("active") else { return }
        if active.everyone {
            checkEveryone(active, &context)
        } else {
            checkRule(active, &context)
        }
        if active.outageGrace < active.recheck, context.isGiven("active.outage_grace") {
            let message = "is shorter than recheck, so an outage suspends sessions before it can be noticed"
            context.warn("active.outage_grace", message, fix: "make it at least as long as active.recheck")
        }
    }

    private func checkEveryone(_ active: ActiveConfiguration, _ context: inout DecodingContext) {
        for key in ["all", "any", "none", "source"] where context.isGiven("active.\(key)") {
            let message = "contradicts everyone = true"
            context.error("active.\(key)", message, fix: "remove one of the two")
        }
    }

    private func checkRule(_ active: ActiveConfiguration, _ context: inout DecodingContext) {
        if active.directory == nil, active.source == nil {
            let fix = "add directory = \"NAME\" or source = \"unix\", or everyone = true if that is meant"
            context.error("active", "does not say whose groups count", fix: fix)
            return
        }
        if active.requirement.isEmpty {
            let fix = "add all, any or none with groups, or everyone = true if that is meant"
            context.error("active", "has no rule", fix: fix)
        }
        let needed = Set(active.requirement.all.compactMap(\.groupName))
        for (index, entry) in active.requirement.none.enumerated() {
            guard let name = entry.groupName, needed.contains(name) else { continue }
            let message = "\(TOMLText.shown(name)) stands in all too, so nobody is active"
            context.error("active.none[\(index)]", message, fix: "remove one of the two")
        }
        checkWhoseGroups(active, &context)
    }

    // People whose groups are looked up nowhere could never log in; that is never what was meant.
    private func checkWhoseGroups(_ active: ActiveConfiguration, _ context: inout DecodingContext) {
        let listed = configuration.orderedProviders
        for provider in listed where !context.isFaulty("providers.\(provider.name)") {
            let path = "providers.\(provider.name)"
            if let directory = provider.directory, directory != active.directory {
                let wanted = active.directory.map { "[active] looks in \(TOMLText.quoted($0)) only" }
                let message = "its people are never active: \(wanted ?? "[active] has no directory")"
                context.error("\(path).directory", message, fix: "make active.directory the same")
            } else if provider.directory == nil, active.source == nil {
                let message = "its people are local, and never active: [active] has no source for them"
                let fix = "add source = \"unix\" to [active], or directory = \"NAME\" here"
                context.error(path, message, fix: fix)
            }
        }
        if active.source == .unix, !listed.contains(where: { $0.directory == nil }), !context.isFaulty("providers") {
            let message = "is about local people, and no provider that is asked has any"
            context.warn("active.source", message, fix: "remove it, or add a PAM provider without a directory")
        }
    }
}

extension GroupRequirementConfiguration.Entry {
    /// The name, if the entry is a group.
    fileprivate var groupName: String? {
        if case .group(let reference) = self { reference.name } else { nil }
    }
}
