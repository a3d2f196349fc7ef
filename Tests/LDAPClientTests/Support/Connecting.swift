import Foundation
import HostSystem
import LDAPClient
import TestBed

/// The ways to reach a ``SlapdServer``.
enum Way: String, Sendable, CaseIterable, CustomStringConvertible {
    case plain, startTLS, ldaps, ldapi

    var description: String { rawValue }

    func configuration(
        _ server: SlapdServer,
        tls: LDAPTLSConfiguration? = nil
    ) throws -> LDAPConnectionConfiguration {
        let url =
            switch self {
            case .plain, .startTLS: server.ldapURL
            case .ldaps: server.ldapsURL
            case .ldapi: server.ldapiURL
            }
        return LDAPConnectionConfiguration(
            url: try LDAPURL(parsing: url),
            startTLS: self == .startTLS,
            tls: tls ?? LDAPTLSConfiguration(caFile: server.caFile)
        )
    }

    func open(_ server: SlapdServer, tls: LDAPTLSConfiguration? = nil) async throws -> LDAPConnection {
        try await LDAPConnection.open(configuration(server, tls: tls), deadline: .soon)
    }
}

extension MuteServer {
    func configuration(startTLS: Bool = false, ldaps: Bool = false) throws -> LDAPConnectionConfiguration {
        LDAPConnectionConfiguration(
            url: try LDAPURL(parsing: ldaps ? ldapsURL : ldapURL),
            startTLS: startTLS,
            connectTimeout: .seconds(30)
        )
    }
}

extension ContinuousClock.Instant {
    /// A deadline that only a hanging test meets.
    static var soon: ContinuousClock.Instant { .now + .seconds(20) }
}

extension LDAPConnection {
    func bind(_ name: String, _ password: String, deadline: ContinuousClock.Instant = .soon) async throws
        -> LDAPBindOutcome
    {
        try await simpleBind(
            name: name,
            password: SecretBytes(password.utf8),
            passwordPolicy: true,
            deadline: deadline
        )
    }
}

/// What a piece of work threw, and whether it was over one second after its deadline.
struct Failure {
    let error: LDAPError?
    let isInTime: Bool

    /// Runs `body` with a deadline that is `limit` away.
    init(
        within limit: Duration,
        _ body: (ContinuousClock.Instant) async throws(LDAPError) -> Void
    ) async {
        let punctuality = Punctuality(within: limit)
        do {
            try await body(punctuality.deadline)
            error = nil
        } catch {
            self.error = error
        }
        isInTime = await punctuality.isKept()
    }
}

extension SlapdServer {
    /// Suspends the server and waits until it really stands still, which takes a while on a busy machine.
    func freeze() async throws {
        try suspend()
        let path = "/proc/\(processID ?? 0)/stat"
        let isStopped = await ProcessCensus.wait {
            // The state is behind the program's name in parentheses (proc(5)).
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: ")").last?.hasPrefix(" T") == true
        }
        if !isStopped { throw TestBedError("slapd does not stop") }
    }
}
