import TestBed

/// A portal beside the stage, for what that cannot show; without a proxy, at `http://localhost:PORT`.
struct Annex: Sendable {
    static let longName = "Dr. Maximiliane-Charlotte Freifrau von Donaudampfschifffahrtsgesellschaft zu Hohenlohe"
    static let longMail = "maximiliane-charlotte.von.donaudampfschifffahrtsgesellschaft@subsidiary.example.org"
    private static let longCompany =
        "Rechtsschutzversicherungsgesellschaften-Dachverband für Donaudampfschifffahrt und Söhne, Aktiengesellschaft"

    let directory: SlapdServer
    let portal: RunningPortal
    private let isOwn: Bool

    /// A portal with a directory of its own that may be killed and changed, of a company with a long name.
    static func start() async throws -> Annex {
        let directory = try await SlapdServer.start()
        var options = RunningPortal.Options()
        options.active = "recheck = \"1s\"\noutage_grace = \"1s\""
        options.portal = """
            company = "\(longCompany)"
            help = "\(String(repeating: "If you need help, please call the service desk. ", count: 4))"
            """
        return Annex(directory: directory, portal: try await RunningPortal.start(options, for: directory), isOwn: true)
    }

    /// One for all scenes, for each start takes a second; ended by its stage.
    static func shared() async throws -> Annex {
        guard let stage = Stage.current else { throw TestBedError("the suite has no stage") }
        return try await stage.annex.get()
    }

    /// A portal whose login asks for a code.
    static func asking() async throws -> Annex {
        let directory = try await SlapdServer.shared()
        var options = RunningPortal.Options()
        options.stack = (try await PAMStacks(), "password-then-code")
        return Annex(directory: directory, portal: try await RunningPortal.start(options, for: directory), isOwn: false)
    }

    /// Gives somebody another name.
    func name(_ user: String, _ name: String, mail: String) async throws {
        try await directory.modify(
            """
            dn: \(TestPerson.named(user).dn)
            changetype: modify
            replace: cn
            cn: \(name)
            -
            replace: mail
            mail: \(mail)

            """
        )
    }

    /// Ends the directory, if it is its own.
    func stop() async {
        if isOwn { await directory.stop() }
    }
}

/// An annex that is started when it is first asked for.
actor LazyAnnex {
    private var starting: Task<Annex, any Error>?

    func get() async throws -> Annex {
        // Detached: a task that is kept here and knew the stage would keep the stage, and its processes, for ever.
        let starting = self.starting ?? Task.detached { try await Annex.start() }
        self.starting = starting
        return try await starting.value
    }

    func stop() async {
        await (try? starting?.value)?.stop()
        starting = nil
    }
}
