internal import HostSystem

/// One rule of `[[portal.access]]`, ready for comparing.
struct AccessRule: Sendable {
    /// How a rule relates to a request.
    enum Match {
        case yes
        case no
        /// It might be about the request, and that cannot be told; so nothing below it may decide either.
        case doubtful(String)
    }

    /// Where it stands in the configuration.
    let place: String
    let allowed: AccessRuleConfiguration.Allowed
    /// What groups a person must have; nil where every active person passes.
    let requirement: GroupRequirement<GroupReference>?
    /// Whom it is about, among people of the directory.
    let directoryGroups: RuleGroups?
    /// The same for local people.
    let localGroups: LocalRuleGroups?

    private let host: HostPattern
    private let paths: [[UInt8]]
    private let methods: Set<String>
    private let networks: [NetworkRange]

    init(
        _ configuration: AccessRuleConfiguration,
        place: String,
        directoryGroups: RuleGroups?,
        localGroups: LocalRuleGroups?
    ) {
        self.place = place
        allowed = configuration.allow
        requirement =
            configuration.groups.isEmpty ? nil : GroupRequirement(configuration.groups) { GroupReference($0.name) }
        self.directoryGroups = directoryGroups
        self.localGroups = localGroups
        host = HostPattern(configuration.host)
        paths = configuration.paths.map { path in
            let bytes = Array(path.utf8)
            return bytes.last == UInt8(ascii: "/") ? bytes.dropLast() : bytes
        }
        methods = Set(configuration.methods)
        networks = configuration.networks.map(\.withoutCoat)
    }

    /// Compares the host.
    func isAbout(_ host: String) -> Bool { self.host.matches(host) }

    /// Compares host, method, path and network.
    func matches(_ request: AccessRequest, path: () -> RequestPath) -> Match {
        guard isAbout(request.host) else { return .no }
        guard methods.isEmpty || methods.contains(request.method) else { return .no }
        if !networks.isEmpty {
            guard let address = request.address.flatMap(NetworkRange.bytes(ofAddress:)) else {
                return .doubtful("\(place) asks for a network, and the client's address is not known")
            }
            guard networks.contains(where: { $0.contains(address) }) else { return .no }
        }
        guard !paths.isEmpty else { return .yes }
        switch path() {
        case .plain(let path):
            if paths.contains(where: { path.isPath(below: $0) }) { return .yes }
            // A rule that lets everyone pass loses nothing to the ones below it, which are stricter.
            guard allowed != .everyone, let similar = paths.first(where: { path.resemblesPath(below: $0) }) else {
                return .no
            }
            let text = String(decoding: similar, as: UTF8.self)
            return .doubtful("\(place) asks for a path, and applications may take this one for “\(text)”")
        case .ambiguous(let reason): return .doubtful("\(place) asks for a path, and this one is ambiguous: \(reason)")
        }
    }
}

extension NetworkRange {
    /// The bytes of an address; an IPv4 address in an IPv6 coat counts as what it is (RFC 4291, section 2.5.5.2).
    static func bytes(ofAddress literal: String) -> [UInt8]? {
        NetworkRange(parsing: literal)?.withoutCoat.bytes
    }
}
