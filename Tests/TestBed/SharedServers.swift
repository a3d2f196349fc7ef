/// One server of each flavour for this process, started when it is first asked for.
actor SharedServers {
    static let instance = SharedServers()

    private var servers: [SlapdServer.Flavour: Task<SlapdServer, any Error>] = [:]

    func server(_ flavour: SlapdServer.Flavour) async throws -> SlapdServer {
        if let started = servers[flavour] { return try await started.value }
        let starting = Task { try await SlapdServer.start(flavour) }
        servers[flavour] = starting
        return try await starting.value
    }
}
