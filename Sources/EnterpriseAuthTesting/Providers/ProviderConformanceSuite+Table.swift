extension ProviderConformanceSuite {
    /// Every single login of the table.
    var logins: [Scenario] {
        rightPasswords + wrongPasswords + brokenInput + strangers
    }

    private var rightPasswords: [Scenario] {
        ([active] + people).map { person in
            login(
                "the right password of \(person.username) comes to \(person.outcome.rawValue)",
                person.username,
                person.password,
                [person.outcome],
                loginName: person.loginName
            )
        }
    }

    private var wrongPasswords: [Scenario] {
        let right = active.password
        let guesses: [(String, String)] = [
            ("of spaces", "    "),
            ("of one space", " "),
            ("that is the user name", active.username),
            ("that is a star", "*"),
            ("with a space behind", right + " "),
            ("with a space before", " " + right),
            ("with a line end behind", right + "\n"),
            ("in capitals", right.uppercased() == right ? right.lowercased() : right.uppercased()),
            ("without its last letter", String(right.dropLast())),
            ("twice over", right + right),
            ("that is as long as can be", String(repeating: "x", count: 511)),
        ]
        let ofActive = guesses.map { what, password in
            login("a wrong password \(what) is refused", active.username, password, [.wrongPassword])
        }
        let ofOthers = people.filter(\.toleratesGuesses).map { person in
            let expected: Set<Outcome> =
                person.outcome == .unavailable
                ? [.unavailable] : [.wrongPassword, .locked, .disabled, .expired, .notPermitted, .unknownUser]
            return login(
                "a wrong password of \(person.username) is refused",
                person.username,
                person.password + "x",
                expected
            )
        }
        return ofActive + ofOthers
    }

    /// What may not be shown to any provider.
    private var brokenInput: [Scenario] {
        let (name, right) = (Array(active.username.utf8), Array(active.password.utf8))
        let rows: [(String, [UInt8], [UInt8])] = [
            ("an empty password", name, []),
            ("a NUL behind the password", name, right + [0]),
            ("a NUL inside the password", name, right + [0] + Array("tail".utf8)),
            ("a password of 10 kB", name, [UInt8](repeating: 0x61, count: 10_240)),
            ("a password of 512 bytes", name, [UInt8](repeating: 0x61, count: 512)),
            ("an empty user name", [], right),
            ("a user name of 10 kB", [UInt8](repeating: 0x61, count: 10_240), right),
            ("a NUL behind the user name", name + [0], right),
            ("a line end behind the user name", name + [10], right),
            ("a user name that is not UTF-8", name + [0xff], right),
            ("an overlong UTF-8 form in the user name", [0xc0, 0x80] + name, right),
        ]
        return rows.map { what, username, password in
            Scenario(
                name: "\(what) is refused before anybody is asked",
                needs: [],
                expected: [.malformed],
                loginName: nil,
                question: .login(username: username, password: password)
            )
        }
    }

    private var strangers: [Scenario] {
        let name = active.username
        let nobody: Set<Outcome> =
            traits.contains(.tellsUnknownNames) ? [.unknownUser] : [.unknownUser, .wrongPassword, .notPermitted]
        let names = [
            "nobody-of-this-name", "*", String(name.prefix(2)) + "*", "\(name))(uid=*", "*)(uid=*))(|(uid=*",
            "\(name),ou=other", "uid=\(name)", "\(name)\\2a", "\(name)\\", "\(name)@nowhere.invalid", "../\(name)",
            "-\(name)", "\(name);id", "\(name)\"", "\u{202e}\(name)", String(repeating: "n", count: 256),
        ]
        let unknown = names.map { stranger in
            login("the name \(stranger.prefix(40)) is nobody's", stranger, active.password, nobody)
        }
        let folded = [name.uppercased() + " ", " \(name)", name.uppercased()].map { typed in
            login(
                "the name “\(typed)” is \(active.loginName)",
                typed,
                active.password,
                [.active],
                needs: [.foldsNames],
                loginName: active.loginName
            )
        }
        return unknown + folded
    }

    /// Everything that takes more than one login.
    var behaviours: [Scenario] {
        [
            behaviour("a refusal leaves nothing behind", .wrongThenRight(active), [.wrongPassword, .active]),
            behaviour("a login whose time is over is unavailable", .pastDeadline(active), [.unavailable]),
            behaviour("a login whose caller has gone is unavailable", .cancelled(active), [.unavailable]),
            behaviour("an answer that nobody asked for is refused", .strayAnswer, [.notPermitted]),
            behaviour(
                "an account can be looked at without its password",
                .recheck(active),
                [.active],
                needs: [.rechecks]
            ),
            Scenario(
                name: "many logins at once are not mixed up",
                needs: [],
                expected: [.active],
                loginName: nil,
                question: .crowd(active, others: people.filter { $0.outcome == .active && $0.toleratesGuesses })
            ),
        ]
    }

    private func login(
        _ name: String,
        _ username: String,
        _ password: String,
        _ expected: Set<Outcome>,
        needs: Set<Trait> = [],
        loginName: String? = nil
    ) -> Scenario {
        Scenario(
            name: name,
            needs: needs,
            expected: expected,
            loginName: loginName,
            question: .login(username: Array(username.utf8), password: Array(password.utf8))
        )
    }

    private func behaviour(
        _ name: String,
        _ question: Scenario.Question,
        _ expected: Set<Outcome>,
        needs: Set<Trait> = []
    ) -> Scenario {
        Scenario(name: name, needs: needs, expected: expected, loginName: active.loginName, question: question)
    }
}
