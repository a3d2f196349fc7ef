internal import EnterpriseAuth
internal import HostSystem

extension LocalRequest {
    /// The request as a message.
    var frame: SecretBytes {
        var writer = WireWriter()
        writer.add("do", text: verb)
        switch self {
        case .login(let user, let password, let replaced, let isRemembered):
            writer.add("user", text: user)
            writer.add("password", secret: password)
            if let replaced { writer.add("replacing", secret: replaced.secretText) }
            if isRemembered { writer.add("remember", flag: true) }
        case .answer(let answers): writer.add("answers", secrets: answers)
        case .restore(let token), .forget(let token): writer.add("remember_token", secret: token.secretText)
        case .whoAmI(let token): writer.add("token", secret: token.secretText)
        case .logout(let token, let everywhere):
            writer.add("token", secret: token.secretText)
            if everywhere { writer.add("all", flag: true) }
        case .listSessions(let user, let token):
            if let user { writer.add("user", text: user) }
            if let token { writer.add("token", secret: token.secretText) }
        case .endSessions(let selection, let token):
            switch selection {
            case .all: writer.add("all", flag: true)
            case .user(let id): writer.add("user", text: id.rawValue)
            case .loginName(let name): writer.add("user", text: name)
            case .ids(let ids): writer.add("ids", texts: ids.map(\.description))
            }
            if let token { writer.add("token", secret: token.secretText) }
        case .clearThrottle(let selection):
            switch selection {
            case .all: writer.add("all", flag: true)
            case .user(let name): writer.add("user", text: name)
            case .source(let address): writer.add("source", text: address)
            }
        case .listThrottle, .reload, .more: break
        }
        return writer.frame()
    }

    private var verb: String {
        switch self {
        case .login: "login"
        case .answer: "answer"
        case .restore: "restore"
        case .forget: "forget"
        case .whoAmI: "whoami"
        case .logout: "logout"
        case .listSessions: "sessions.list"
        case .endSessions: "sessions.end"
        case .listThrottle: "throttle.list"
        case .clearThrottle: "throttle.clear"
        case .reload: "reload"
        case .more: "more"
        }
    }

    /// Reads a message.
    /// - Parameter frame: The message.
    /// - Throws: ``WireProblem`` if it is no request of this version.
    init(_ frame: SecretBytes) throws(WireProblem) {
        var fields = WireFields(try WireObject(frame))
        guard try fields.number("v") == LocalProtocol.version else {
            throw WireProblem("the key v must be \(LocalProtocol.version)")
        }
        guard let verb = try fields.text("do") else { throw WireProblem("the key do is missing") }
        self = try Self.read(verb, &fields)
        try fields.finish()
    }

    private static func read(_ verb: String, _ fields: inout WireFields) throws(WireProblem) -> LocalRequest {
        switch verb {
        case "login":
            return .login(
                user: try fields.text("user") ?? "",
                password: try fields.secret("password") ?? SecretBytes([]),
                replacing: try fields.token("replacing"),
                remember: try fields.flag("remember")
            )
        case "answer":
            guard let answers = try fields.secrets("answers") else { throw WireProblem("the key answers is missing") }
            return .answer(answers)
        case "restore": return .restore(try fields.rememberToken())
        case "forget": return .forget(try fields.rememberToken())
        case "whoami": return .whoAmI(try fields.neededToken())
        case "logout": return .logout(try fields.neededToken(), everywhere: try fields.flag("all"))
        case "sessions.list": return .listSessions(of: try fields.text("user"), token: try fields.token("token"))
        case "sessions.end": return .endSessions(try fields.sessions(), token: try fields.token("token"))
        case "throttle.list": return .listThrottle
        case "throttle.clear": return .clearThrottle(try fields.counters())
        case "reload": return .reload
        case "more": return .more
        default: throw WireProblem("the value of do is unknown")
        }
    }
}

extension WireFields {
    fileprivate mutating func rememberToken() throws(WireProblem) -> RememberToken {
        guard let text = try secret("remember_token") else { throw WireProblem("the key remember_token is missing") }
        guard let token = RememberToken(text) else { throw WireProblem("remember_token is none") }
        return token
    }

    fileprivate mutating func neededToken() throws(WireProblem) -> SessionToken {
        guard let token = try token("token") else { throw WireProblem("the key token is missing") }
        return token
    }

    fileprivate mutating func sessions() throws(WireProblem) -> SessionSelection {
        let (user, ids, all) = (try text("user"), try texts("ids"), try flag("all"))
        var selections: [SessionSelection] = []
        if all { selections.append(.all) }
        if let user { selections.append(SessionSelection(user: user)) }
        if let ids {
            let read = ids.compactMap { SessionID($0) }
            guard read.count == ids.count else { throw WireProblem("an id is none") }
            selections.append(.ids(read))
        }
        guard selections.count == 1 else { throw WireProblem("exactly one of ids, user and all is needed") }
        return selections[0]
    }

    fileprivate mutating func counters() throws(WireProblem) -> ThrottleSelection {
        let (user, source, all) = (try text("user"), try text("source"), try flag("all"))
        let selections = [all ? .all : nil, user.map(ThrottleSelection.user), source.map(ThrottleSelection.source)]
            .compactMap(\.self)
        guard selections.count == 1 else { throw WireProblem("exactly one of user, source and all is needed") }
        return selections[0]
    }
}
