internal import Foundation

/// A real OpenLDAP server on loopback, started for tests with the data of `config/testbed`.
///
/// It ends with ``stop()``, or by itself within about a second of this process ending, however that happens.
public struct SlapdServer: Sendable {
    /// Which of the test bed's directories it serves.
    public enum Flavour: String, Sendable, CaseIterable {
        /// `dc=example,dc=org`: inetOrgPerson, groupOfNames, memberOf, password policy; and `o=partners`.
        case openldap
        /// `dc=example,dc=net`: posixAccount, posixGroup with memberUid, shadow attributes.
        case rfc2307
        /// `dc=example,dc=com`: another company's small directory.
        case second
    }

    /// Which certificate it shows in TLS.
    public enum Certificate: String, Sendable {
        /// A good one for localhost, this host's names, 127.0.0.1 and ::1.
        case server
        /// One that expired yesterday.
        case expired
        /// One for elsewhere.example.org.
        case wrongName = "wrong-name"
        /// One of an authority that ``SlapdServer/caFile`` does not know.
        case otherAuthority = "other-ca-server"
    }

    /// Where all its files are.
    public let directory: String
    private let values: [String: String]
    private let stopScript: String

    /// The flavour it was started with.
    public var flavour: Flavour { Flavour(rawValue: self["FLAVOUR"]) ?? .openldap }
    /// The port of plain LDAP and StartTLS on 127.0.0.1.
    public var port: Int { Int(self["PORT"]) ?? 0 }
    /// The port of LDAP over TLS on 127.0.0.1.
    public var tlsPort: Int { Int(self["TLS_PORT"]) ?? 0 }
    /// `ldap://127.0.0.1:PORT`.
    public var ldapURL: String { self["LDAP_URL"] }
    /// `ldaps://127.0.0.1:PORT`.
    public var ldapsURL: String { self["LDAPS_URL"] }
    /// `ldapi://…`: over its UNIX socket this process's user is the reader by SASL EXTERNAL.
    public var ldapiURL: String { self["LDAPI_URL"] }
    /// The suffix.
    public var baseDN: String { self["BASE_DN"] }
    /// `ou=people` below the suffix.
    public var peopleDN: String { self["PEOPLE_DN"] }
    /// `ou=groups` below the suffix.
    public var groupsDN: String { self["GROUPS_DN"] }
    /// The service account that may read everything but passwords.
    public var readerDN: String { self["READER_DN"] }
    /// The password of ``readerDN``.
    public var readerPassword: String { self["READER_PASSWORD"] }
    /// The administrator.
    public var adminDN: String { self["ADMIN_DN"] }
    /// The password of ``adminDN``.
    public var adminPassword: String { self["ADMIN_PASSWORD"] }
    /// The authority of its certificates.
    public var caFile: String { self["CA_FILE"] }
    /// Another authority, which signed nothing but ``Certificate/otherAuthority``.
    public var otherCAFile: String { self["OTHER_CA_FILE"] }
    /// A client certificate that SASL EXTERNAL maps to the reader.
    public var clientCertificateFile: String { self["CLIENT_CERTIFICATE_FILE"] }
    /// The key of ``clientCertificateFile``.
    public var clientKeyFile: String { self["CLIENT_KEY_FILE"] }

    /// The process id, or nil when it does not run.
    public var processID: Int32? {
        let text = try? String(contentsOfFile: self["PID_FILE"], encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Starts a server of the caller's own.
    ///
    /// - Parameters:
    ///   - flavour: Which directory.
    ///   - certificate: What it shows in TLS.
    /// - Returns: The running server, groups loaded.
    /// - Throws: ``TestBedError`` when slapd is missing or does not start.
    public static func start(
        _ flavour: Flavour = .openldap,
        certificate: Certificate = .server
    ) async throws -> SlapdServer {
        let directory = try ScratchDirectory(name: "slapd").path
        try await launch(
            directory,
            ["--flavour", flavour.rawValue, "--certificate", certificate.rawValue]
        )
        return try SlapdServer(directory: directory)
    }

    /// Starts the server in a container, with the same scripts and data; builds the image when there is none yet.
    ///
    /// Ask ``Obstacle/containers`` first. It cannot be restarted.
    ///
    /// - Parameter flavour: Which directory.
    /// - Returns: The running server, groups loaded.
    /// - Throws: ``TestBedError`` with what container-start said.
    public static func startInContainer(_ flavour: Flavour = .openldap) async throws -> SlapdServer {
        let directory = try ScratchDirectory(name: "slapd").path
        let arguments = [directory, "--flavour", flavour.rawValue] + watch
        // A cold start builds two images.
        try await Command.run(Repository.script("container-start"), arguments, limit: .seconds(900))
            .check("container-start")
        return try SlapdServer(directory: directory, stopScript: "container-stop")
    }

    /// The server that all tests of this process share; nobody changes, suspends or stops it.
    ///
    /// - Parameter flavour: Which directory.
    /// - Returns: The running server.
    /// - Throws: ``TestBedError`` when slapd is missing or does not start.
    public static func shared(_ flavour: Flavour = .openldap) async throws -> SlapdServer {
        try await SharedServers.instance.server(flavour)
    }

    /// Reads what a start script left behind.
    ///
    /// - Parameters:
    ///   - directory: The directory given to `slapd-start` or `container-start`.
    ///   - stopScript: The script that ends it.
    /// - Throws: What the file system says.
    public init(directory: String, stopScript: String = "slapd-stop") throws {
        self.directory = directory
        self.stopScript = stopScript
        let text = try String(contentsOfFile: "\(directory)/env", encoding: .utf8)
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        self.values = values
    }

    /// Ends the server and removes its files.
    public func stop() async {
        _ = try? await Command.run(Repository.script(stopScript), [directory])
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Ends the server in an orderly way; ``restart()`` brings it back.
    ///
    /// - Throws: ``TestBedError`` when the script cannot be run.
    public func halt() async throws {
        try await Command.run(Repository.script(stopScript), [directory]).check(stopScript)
    }

    /// Starts a halted or killed server again: the same data, the same ports.
    ///
    /// - Throws: ``TestBedError`` when it does not start, for example because the port was taken meanwhile.
    public func restart() async throws {
        try await Self.launch(directory, [])
    }

    /// Freezes the server: connections are still accepted by the kernel, nothing answers.
    ///
    /// - Throws: ``TestBedError`` when it does not run.
    public func suspend() throws { try signal(SIGSTOP) }

    /// Ends ``suspend()``.
    ///
    /// - Throws: ``TestBedError`` when it does not run.
    public func resume() throws { try signal(SIGCONT) }

    /// Kills the server at once, as a crash would.
    ///
    /// - Throws: ``TestBedError`` when it does not run.
    public func kill() throws { try signal(SIGKILL) }

    private subscript(name: String) -> String { values[name] ?? "" }

    /// A value of the start script's `env` file.
    ///
    /// - Parameter name: Its name there.
    /// - Returns: The value, empty when there is none.
    public func value(_ name: String) -> String { self[name] }

    private func signal(_ number: Int32) throws {
        guard let processID, Foundation.kill(processID, number) == 0 else {
            throw TestBedError("slapd in \(directory) does not run")
        }
    }

    private static let watch = ["--watch", String(ProcessInfo.processInfo.processIdentifier)]

    private static func launch(_ directory: String, _ options: [String]) async throws {
        try await Command.run(Repository.script("slapd-start"), [directory] + options + watch).check("slapd-start")
    }
}
