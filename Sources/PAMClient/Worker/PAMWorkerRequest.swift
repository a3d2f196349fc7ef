package import HostSystem

/// What the owner of a worker tells it.
package enum PAMWorkerRequest: Sendable, Equatable {
    /// Are you there, and who are you?
    case ping

    /// Begin a transaction and check a password.
    ///
    /// For `localPeople` the host's user database decides who exists: for a name that it does not know, the stack is
    /// run with another password of the same length, so that it takes as long and cannot say yes.
    case password(PAMRequest, SecretBytes, localPeople: Bool)

    /// Look at an account without a password.
    case account(PAMRequest, localPeople: Bool)

    /// The answers to the prompts just sent.
    case answers([SecretBytes])

    /// The user name that is asked about; empty if none is.
    package var user: String {
        switch self {
        case .password(let request, _, _), .account(let request, _): request.user
        case .ping, .answers: ""
        }
    }

    private enum Kind {
        static let ping: UInt8 = 1
        static let password: UInt8 = 2
        static let account: UInt8 = 3
        static let answers: UInt8 = 4
    }

    /// The message as a frame.
    package func frame() -> SecretBytes {
        switch self {
        case .ping: return PAMFrameWriter(kind: Kind.ping).frame()
        case .password(let request, let password, let localPeople):
            var writer = PAMFrameWriter(kind: Kind.password)
            Self.write(request, localPeople, to: &writer)
            writer.write(password)
            return writer.frame()
        case .account(let request, let localPeople):
            var writer = PAMFrameWriter(kind: Kind.account)
            Self.write(request, localPeople, to: &writer)
            return writer.frame()
        case .answers(let answers):
            var writer = PAMFrameWriter(kind: Kind.answers)
            writer.write(list: answers) { $0.write($1) }
            return writer.frame()
        }
    }

    /// Reads a frame.
    /// - Parameter frame: The frame as it was received.
    /// - Throws: ``PAMWorkerProtocolError`` if it is no message of this kind and version.
    package init(frame: SecretBytes) throws(PAMWorkerProtocolError) {
        do throws(PAMFrameReader.Malformed) {
            self = try Self.read(frame)
        } catch {
            throw PAMWorkerProtocolError()
        }
    }

    private static func read(_ frame: SecretBytes) throws(PAMFrameReader.Malformed) -> Self {
        var reader = try PAMFrameReader(frame)
        let message: Self
        switch reader.kind {
        case Kind.ping: message = .ping
        case Kind.password:
            let (request, localPeople) = try request(from: &reader)
            message = .password(request, try reader.secret(), localPeople: localPeople)
        case Kind.account:
            let (request, localPeople) = try request(from: &reader)
            message = .account(request, localPeople: localPeople)
        case Kind.answers:
            message = .answers(
                try reader.list { (reader) throws(PAMFrameReader.Malformed) in
                    try reader.secret()
                }
            )
        default: throw PAMFrameReader.Malformed()
        }
        try reader.finish()
        return message
    }

    private static func write(_ request: PAMRequest, _ localPeople: Bool, to writer: inout PAMFrameWriter) {
        writer.write(request.service)
        writer.write(request.user)
        writer.write(request.terminal)
        for text in [request.confdir, request.remoteHost, request.requestingUser] {
            writer.write(optional: text) { $0.write($1) }
        }
        writer.write(localPeople)
    }

    private static func request(
        from reader: inout PAMFrameReader
    ) throws(PAMFrameReader.Malformed) -> (PAMRequest, Bool) {
        var request = PAMRequest(service: try reader.text(), user: try reader.text(), terminal: try reader.text())
        request.confdir = try reader.optionalText()
        request.remoteHost = try reader.optionalText()
        request.requestingUser = try reader.optionalText()
        return (request, try reader.flag())
    }
}

extension PAMFrameReader {
    /// A text that may be missing.
    mutating func optionalText() throws(Malformed) -> String? {
        try optional { (reader) throws(Malformed) in try reader.text() }
    }
}
