import EnterpriseAuth
import Foundation
import HostSystem
import LDAPClient
import Logging
import TestBed
import Testing

/// How a test reaches a directory.
enum Transport: String, CaseIterable, CustomTestStringConvertible {
    case startTLS, ldaps, ldapi, plain

    var testDescription: String { rawValue }

    func url(_ server: SlapdServer) -> String {
        switch self {
        case .startTLS, .plain: server.ldapURL
        case .ldaps: server.ldapsURL
        case .ldapi: server.ldapiURL
        }
    }
}

/// The time of day, from the host.
struct HostClock: WallClock {
    var nowMilliseconds: Int64 {
        let now = Date().timeIntervalSince1970
        return Int64(now * 1000)
    }
}

/// Directories, providers and rules over the servers of the test bed.
enum DirectoryFixture {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The configuration of a server, with what the test changes.
    static func configuration(
        _ server: SlapdServer,
        _ transport: Transport = .startTLS,
        urls: [String]? = nil,
        _ change: (inout DirectoryConfiguration) throws -> Void = { _ in }
    ) throws -> DirectoryConfiguration {
        let preset: DirectoryPreset = server.flavour == .rfc2307 ? .rfc2307 : .openldap
        var configuration = DirectoryConfiguration(
            name: "corp",
            preset: preset,
            urls: try (urls ?? [transport.url(server)]).map { try LDAPURL(parsing: $0) },
            base: try DistinguishedName(parsing: server.baseDN),
            bind: transport == .ldapi
                ? .external
                : .simple(dn: try DistinguishedName(parsing: server.readerDN), password: .file(server.readerPassword))
        )
        configuration.startTLS = transport == .startTLS
        configuration.tls.caFile = server.caFile
        configuration.groups.base = try DistinguishedName(parsing: server.groupsDN)
        configuration.groups.nested = server.flavour != .rfc2307
        // A good server is never given up on because the machine is busy with other tests.
        configuration.timeouts.connect = .seconds(20)
        configuration.timeouts.operation = .seconds(20)
        try change(&configuration)
        return configuration
    }

    /// A directory; its secrets stand where file names would.
    static func directory(
        _ configuration: DirectoryConfiguration,
        resolver: HostResolver = .shared
    ) throws -> Directory {
        try Directory(configuration, readSecret: secret, clock: HostClock(), resolver: resolver, logger: logger)
    }

    /// Takes the name of the file for the secret.
    @Sendable
    static func secret(_ source: SecretSource) -> SecretBytes {
        if case .file(let text) = source { SecretBytes(Array(text.utf8)) } else { SecretBytes([]) }
    }

    /// The usual rule: employees who are not suspended.
    static func policy(
        _ directory: Directory,
        all: [String] = ["employees"],
        none: [String] = ["suspended"]
    ) -> ActivePolicy {
        var active = ActiveConfiguration()
        active.directory = directory.name
        active.requirement = GroupRequirementConfiguration(all: all, none: none)
        return ActivePolicy(active, directory: directory, localGroups: nil, logger: logger)
    }

    /// What somebody types.
    static func credentials(_ user: String, _ password: String) throws -> Credentials {
        try Credentials(username: user, password: SecretBytes(Array(password.utf8)))
    }
}
