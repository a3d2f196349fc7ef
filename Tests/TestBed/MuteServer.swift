internal import CTestBed
internal import Foundation

/// A TCP server on loopback that behaves badly on purpose: it accepts, and then stays silent or answers wrongly.
///
/// It runs on threads of its own and ends with ``stop()`` or with its last reference.
public final class MuteServer: Sendable {
    /// What it does about one request.
    public enum Reply: Sendable {
        /// Nothing; the connection stays open.
        case silence
        /// A response of the matching kind with this result code (51 busy, 52 unavailable, …) and diagnostic text.
        case result(code: UInt8, text: String = "")
        /// These bytes, whatever they mean.
        case bytes([UInt8])
        /// These bytes again and again, as fast as they are taken, and nothing is read any more.
        case flood([UInt8])
        /// The end of the connection.
        case close
    }

    /// Decides about a request.
    public typealias Answer = @Sendable (LDAPRequest) -> Reply

    /// The port it listens on.
    public let port: Int
    /// `ldap://127.0.0.1:PORT`.
    public var ldapURL: String { "ldap://127.0.0.1:\(port)" }
    /// `ldaps://127.0.0.1:PORT`; it cannot speak TLS, so every handshake meets silence.
    public var ldapsURL: String { "ldaps://127.0.0.1:\(port)" }

    private let stopper: Int32
    private let counts = MuteServerCounts()

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - port: Where it listens; a free port by default.
    ///   - opening: What it sends as soon as the first byte of a connection has come, LDAP or not.
    ///   - answer: What it does about each LDAP request; silence by default.
    /// - Throws: ``TestBedError`` when it cannot listen.
    public init(port: Int = 0, opening: [UInt8] = [], answer: @escaping Answer = { _ in .silence }) throws {
        let listener = ctb_listen(Int32(port))
        guard listener >= 0 else { throw TestBedError("cannot listen on 127.0.0.1:\(port)") }
        let pipe = ctb_pipe()
        guard pipe >= 0 else { throw TestBedError("no pipe can be had") }
        self.port = Int(ctb_port(listener))
        stopper = Int32(truncatingIfNeeded: pipe)
        let stop = Int32(truncatingIfNeeded: pipe >> 32)
        let counts = counts
        Thread.detachNewThread { Self.accept(listener, until: stop, counts, opening, answer) }
    }

    deinit { stop() }

    /// A server that says success to StartTLS and then leaves the handshake unanswered.
    ///
    /// - Returns: The running server.
    /// - Throws: ``TestBedError`` when it cannot listen.
    public static func silentAfterStartTLS() throws -> MuteServer {
        try MuteServer { $0.operation == .extended ? .result(code: 0) : .silence }
    }

    /// A server that begins to answer a TLS handshake and does not go on: a record's head and a part of its content.
    ///
    /// - Returns: The running server.
    /// - Throws: ``TestBedError`` when it cannot listen.
    public static func stallingInHandshake() throws -> MuteServer {
        try MuteServer(opening: [0x16, 3, 3, 0x10, 0, 2, 0, 0x0f, 0xfc, 3, 3])
    }

    /// A server that answers every request with one result code.
    ///
    /// - Parameters:
    ///   - code: The code: 51 busy, 52 unavailable, 1 operations error, …
    ///   - port: Where it listens; a free port by default.
    /// - Returns: The running server.
    /// - Throws: ``TestBedError`` when it cannot listen.
    public static func answering(code: UInt8, port: Int = 0) throws -> MuteServer {
        try MuteServer(port: port) { _ in .result(code: code, text: "on purpose") }
    }

    /// A server that accepts a bind and is silent from then on.
    ///
    /// - Returns: The running server.
    /// - Throws: ``TestBedError`` when it cannot listen.
    public static func silentAfterBind() throws -> MuteServer {
        try MuteServer { $0.operation == .bind ? .result(code: 0) : .silence }
    }

    /// How many connections it has accepted so far.
    public var accepted: Int { counts.accepted }

    /// How many of them are still open on both sides.
    public var open: Int { counts.open }

    /// How many LDAP messages it has read so far.
    public var messages: Int { counts.messages }

    /// How many of them it has answered, to the last byte.
    public var answers: Int { counts.answers }

    /// Ends it: within a moment the port and all connections are closed.
    public func stop() {
        if counts.end() { close(stopper) }
    }

    private static func accept(
        _ listener: Int32,
        until stop: Int32,
        _ counts: MuteServerCounts,
        _ opening: [UInt8],
        _ answer: @escaping Answer
    ) {
        while true {
            let connection = ctb_accept(listener, stop)
            if connection < 0 { break }
            let number = counts.accept()
            Thread.detachNewThread {
                serve(connection, number, until: stop, counts, opening, answer)
                close(connection)
                counts.close()
            }
        }
        close(listener)
        // The last one out closes the read end: connections still look at it.
        while counts.open > 0 { Thread.sleep(forTimeInterval: 0.005) }
        close(stop)
    }

    /// Reads and answers the messages of one connection until one side ends it.
    private static func serve(
        _ connection: Int32,
        _ number: Int,
        until stop: Int32,
        _ counts: MuteServerCounts,
        _ opening: [UInt8],
        _ answer: Answer
    ) {
        var received: [UInt8] = []
        var opening = opening
        while true {
            let byte = ctb_receive(connection, stop)
            if byte < 0 { return }
            received.append(UInt8(truncatingIfNeeded: byte))
            send(opening, on: connection, until: stop)
            opening = []
            guard let request = LDAPRequest(received, connection: number) else { continue }
            received = []
            counts.message()
            if request.operation == .unbind { return }
            switch answer(request) {
            case .silence: continue
            case .result(let code, let text):
                send(request.response(code: code, text: text), on: connection, until: stop)
            case .bytes(let bytes): send(bytes, on: connection, until: stop)
            case .flood(let bytes): return send(bytes, again: true, on: connection, until: stop)
            case .close: return
            }
            counts.answer()
        }
    }

    private static func send(_ bytes: [UInt8], again: Bool = false, on connection: Int32, until stop: Int32) {
        guard !bytes.isEmpty else { return }
        let buffer = ctb_buffer()
        for _ in 0..<(again ? max(1, 60_000 / bytes.count) : 1) {
            for byte in bytes { ctb_buffer_add(buffer, byte) }
        }
        ctb_buffer_send(buffer, connection, stop, again)
    }
}
