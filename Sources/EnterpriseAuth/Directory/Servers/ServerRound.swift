/// Which server is asked next for one operation, and what the ones before said.
struct ServerRound {
    private var up: [DirectoryServer]
    private var down: [DirectoryServer]
    private var outages: [Outage] = []
    private let directory: String

    /// Puts the servers in order: those that answer as configured, then, as a last resort, the others.
    /// - Parameters:
    ///   - servers: The servers in order of preference.
    ///   - preferred: A server to ask first if it answers.
    ///   - directory: The configured name of the directory.
    init(_ servers: [DirectoryServer], preferring preferred: DirectoryServer? = nil, directory: String) {
        (up, down) = ([], [])
        self.directory = directory
        for server in servers {
            if !server.isUp {
                down.append(server)
            } else if server === preferred {
                up.insert(server, at: 0)
            } else {
                up.append(server)
            }
        }
    }

    /// The next server and how many may share the time that is left, it included.
    mutating func next() -> (server: DirectoryServer, sharers: Int)? {
        if !up.isEmpty { return (up.removeFirst(), up.count + 1) }
        while !down.isEmpty {
            let server = down.removeFirst()
            guard let refusal = server.standingRefusal else { return (server, down.count + 1) }
            outages.append(refusal)
        }
        return nil
    }

    /// Remembers why a server gave no answer.
    mutating func note(_ outage: Outage) {
        outages.append(outage)
    }

    /// One outage for all that were asked; the kind is that of the one an operator can do most about.
    func outage(step: String) -> Outage {
        guard let gravest = outages.max(by: { Self.rank($0.kind) < Self.rank($1.kind) }) else {
            return Outage(.timeout, source: directory, step: step, detail: "no time was left to ask any server")
        }
        guard outages.count > 1 else { return gravest }
        let details = outages.map { "\($0.step) at \($0.server ?? "?"): \($0.detail)" }
        return Outage(
            gravest.kind,
            source: directory,
            step: gravest.step,
            code: gravest.code,
            detail: details.joined(separator: "; ")
        )
    }

    private static func rank(_ kind: Outage.Kind) -> Int {
        switch kind {
        case .misconfigured: 5
        case .tls: 4
        case .unreachable: 3
        case .timeout: 2
        case .busy, .overloaded, .workerDied, .internal: 1
        case .cancelled: 0
        }
    }
}
