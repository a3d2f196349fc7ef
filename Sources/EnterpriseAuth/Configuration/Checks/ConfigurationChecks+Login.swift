extension ConfigurationChecks {
    func checkLogin(_ context: inout DecodingContext) {
        let login = configuration.login
        guard context.isGiven("login") else {
            let fix = "add [login] with providers = [\"NAME\"]"
            context.error("login", "there is no [login], so nobody can be asked", fix: fix)
            return
        }
        if login.providers.isEmpty, context.isGiven("login.providers"), !context.isFaulty("login.providers") {
            context.error("login.providers", "names no provider, so nobody can log in", fix: "name at least one")
        }
        var seen: Set<String> = []
        for (index, name) in login.providers.enumerated() {
            let path = "login.providers[\(index)]"
            if !seen.insert(name).inserted {
                context.error(path, "\(TOMLText.quoted(name)) is named twice", fix: "remove one of them")
            }
            checkName(name, at: path, in: "providers", known: configuration.providers.keys.sorted(), &context)
        }
        if login.refusalTime >= login.deadline, !context.isFaulty("login") {
            let path = context.isGiven("login.refusal_time") ? "login.refusal_time" : "login.deadline"
            let message = "login.refusal_time must be shorter than login.deadline"
            context.error(path, message, fix: "make the deadline longer")
        }
        if login.onOutage == .next {
            let message = "an outage of one provider opens the next: whoever can stop the first chooses the door"
            context.warn("login.on_outage", message, fix: "write \"stop\" unless that is meant")
        }
    }

    func checkProviders(_ context: inout DecodingContext) {
        let listed = Set(configuration.login.providers)
        for (name, provider) in configuration.providers.sorted(by: { $0.key < $1.key }) {
            let path = "providers.\(name)"
            if !listed.contains(name), !context.isFaulty("login.providers") {
                context.warn(path, "is never asked", fix: "add \(TOMLText.quoted(name)) to login.providers")
            }
            if let directory = provider.directory {
                let known = configuration.directories.keys.sorted()
                checkName(directory, at: "\(path).directory", in: "directories", known: known, &context)
            }
            // A person's id begins with the name of the directory or of the PAM provider that they come from.
            if case .pam = provider, provider.directory == nil, configuration.directories[name] != nil,
                configuration.active.source != nil
            {
                let message = "local people of this stack and people of directories.\(name) would share their ids"
                context.error(path, message, fix: "rename one of the two, or say directory = \(TOMLText.quoted(name))")
            }
            if case .pam(let pam) = provider, let timeout = pam.timeout, timeout > configuration.login.deadline {
                let message = "is longer than login.deadline, which ends the login before"
                context.warn("\(path).timeout", message, fix: "make it shorter")
            }
        }
    }
}
