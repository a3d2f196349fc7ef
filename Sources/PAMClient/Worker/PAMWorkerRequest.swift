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

    /// The address that is asked from; nil if none is known.
    package var remoteHost: String? {
        switch self {
        case .password(let request, _, _), .account(let request, _): request.remoteHost
        case .ping, .answers: nil
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
        case .ping: PAMFrameWriter.frame(Kind.ping) { _ in }
        case .password(let request, let password, let localPeople):
            PAMFrameWriter.frame(Kind.password) { writer in
                Self.write(request, localPeople, to: &writer)
                writer.write(password)
            }
        case .account(let request, let localPeople):
            PAMFrameWriter.frame(Kind.account) { Self.write(request, localPeople, to: &$0) }
        case .answers(let answers):
            PAMFrameWriter.frame(Kind.answers) { writer in writer.write(list: answers) { $0.write($1) } }
        }
    }

    /// Reads a frame.
    /// - Parameter frame: The frame as it was received.
    /// - Throws: ``PAMWorkerProtocolError`` if it is no message of this kind and version.
    package init(frame: SecretBytes) throws(PAMWorkerProtocolError) {
        self = try PAMFrameReader.message(in: frame) { reader throws(PAMFrameReader.Malformed) in
            switch reader.kind {
            case Kind.ping: return .ping
            case Kind.password:
                let (request, localPeople) = try Self.request(from: &reader)
                return .password(request, try reader.secret(), localPeople: localPeople)
            case Kind.account:
                let (request, localPeople) = try Self.request(from: &reader)
                return .account(request, localPeople: localPeople)
            case Kind.answers:
                return .answers(
                    try reader.list { (reader) throws(PAMFrameReader.Malformed) in
                        try reader.secret()
                    }
                )
            default: throw PAMFrameReader.Malformed()
            }
        }
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
