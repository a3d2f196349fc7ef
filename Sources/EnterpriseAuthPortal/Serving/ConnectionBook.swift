internal import Logging
internal import NIOCore
internal import Synchronization

/// Which connections are open, and whether there is room for one more.
///
/// Where there is none, the one that has kept us waiting for a request longest makes room: people who ask come before
/// those who only hold a connection. If all of them have begun to ask, it is the one whose request has not come to its end
/// for longest.
final class ConnectionBook: Sendable {
    private struct State {
        var open: [ObjectIdentifier: OpenConnection] = [:]
        var limit: Int
        var isClosing = false
        var saidFullAt: NIODeadline?
        /// Connections that have made room, and that were turned away, since that was last said.
        var displaced = 0
        var refused = 0
    }

    /// How long a connection may wait in any case before it has to make room.
    private static let grace: TimeAmount = .seconds(1)
    /// How long it may wait in any case for the rest of a request.
    private static let graceOfBody: TimeAmount = .seconds(5)
    /// How often the log says that there is no room.
    private static let silence: TimeAmount = .seconds(10)

    private let state: Mutex<State>
    private let logger: Logger

    init(limit: Int, logger: Logger) {
        state = Mutex(State(limit: limit))
        self.logger = logger
    }

    var isClosing: Bool { state.withLock { $0.isClosing } }

    var count: Int { state.withLock { $0.open.count } }

    func adopt(limit: Int) {
        state.withLock { $0.limit = limit }
    }

    /// Takes a connection in until it is closed.
    /// - Returns: Nil if there is no room.
    func admit(_ channel: any Channel) -> OpenConnection? {
        let connection = OpenConnection(channel, now: .now())
        let id = ObjectIdentifier(connection)
        let (isAdmitted, displaced, news) = state.withLock { state -> (Bool, OpenConnection?, String?) in
            guard !state.isClosing else { return (false, nil, nil) }
            var displaced: OpenConnection?
            if state.open.count >= state.limit {
                displaced = Self.longestWaiting(&state)
                if displaced == nil { state.refused += 1 } else { state.displaced += 1 }
            }
            let isAdmitted = state.open.count < state.limit
            if isAdmitted { state.open[id] = connection }
            return (isAdmitted, displaced, Self.news(&state))
        }
        displaced?.channel.close(promise: nil)
        if let news { logger.warning("\(news)") }
        guard isAdmitted else { return nil }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.open.removeValue(forKey: id) }
        }
        return connection
    }

    private static func longestWaiting(_ state: inout State) -> OpenConnection? {
        let id =
            longest(state, grace) { $0.waitingSince } ?? longest(state, graceOfBody) { $0.waitingForBodySince }
        return id.flatMap { state.open.removeValue(forKey: $0) }
    }

    private static func longest(
        _ state: State,
        _ grace: TimeAmount,
        since: (OpenConnection) -> NIODeadline?
    ) -> ObjectIdentifier? {
        let waiting = state.open.compactMap { id, connection in since(connection).map { ($0, id) } }
        guard let (begin, id) = waiting.min(by: { $0.0 < $1.0 }), .now() - begin >= grace else { return nil }
        return id
    }

    /// What to say of the lack of room, if it is time to.
    private static func news(_ state: inout State) -> String? {
        guard state.displaced + state.refused > 0 else { return nil }
        let now = NIODeadline.now()
        if let last = state.saidFullAt, now - last < silence { return nil }
        defer { (state.saidFullAt, state.displaced, state.refused) = (now, 0, 0) }
        return
            "\(state.limit) connections are open, and portal.max_connections allows no more: \(state.displaced) that "
            + "kept it waiting were closed, \(state.refused) new ones turned away"
    }

    /// Takes no more connections, and ends each once its request is answered.
    func quiesce() {
        let open = state.withLock { state in
            state.isClosing = true
            return Array(state.open.values)
        }
        for connection in open {
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Ends every connection at once.
    func closeAll() {
        for connection in state.withLock({ Array($0.open.values) }) { connection.channel.close(promise: nil) }
    }
}

/// A connection, and since when it keeps us waiting for a request.
final class OpenConnection: Sendable {
    let channel: any Channel
    private let since: Atomic<UInt64>
    private let bodySince = Atomic<UInt64>(0)

    init(_ channel: any Channel, now: NIODeadline) {
        self.channel = channel
        since = Atomic(now.uptimeNanoseconds)
    }

    /// Nil while there is a request.
    var waitingSince: NIODeadline? { Self.time(since.load(ordering: .relaxed)) }

    /// Nil unless there is half a request.
    var waitingForBodySince: NIODeadline? { Self.time(bodySince.load(ordering: .relaxed)) }

    private static func time(_ nanoseconds: UInt64) -> NIODeadline? {
        nanoseconds == 0 ? nil : .uptimeNanoseconds(nanoseconds)
    }

    /// A request has come.
    func beginRequest() { since.store(0, ordering: .relaxed) }

    /// More of the request is to come.
    func beginBody(now: NIODeadline) { bodySince.store(now.uptimeNanoseconds, ordering: .relaxed) }

    /// Nothing more of the request is to come.
    func endBody() { bodySince.store(0, ordering: .relaxed) }

    /// The answer is out.
    func beginWaiting(now: NIODeadline) { since.store(now.uptimeNanoseconds, ordering: .relaxed) }
}
