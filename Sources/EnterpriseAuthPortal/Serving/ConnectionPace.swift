internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends connections whose other end takes its time: for a request's head, for its body, for taking the answer.
///
/// The server itself knows only how long a connection may be silent; one byte a minute would hold it for ever. Each limit
/// is for the whole of its part, TLS handshake included. How long an answer takes to be made is not our business: logins
/// have a deadline of their own. An answer that goes out before the request's body has come ends the connection, so that
/// nobody has to read the rest of a body that is too long (RFC 9112, section 9.6).
final class ConnectionPace: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long each part may take.
    struct Limits: Sendable {
        /// From the connection's begin to the end of the first head.
        var head: TimeAmount = .seconds(10)
        /// The body; a form's has its own, shorter limit, with a page that says so.
        var body: TimeAmount = .seconds(30)
        /// From the begin of an answer to its last byte.
        var answer: TimeAmount = .seconds(60)
        /// From one answer to the end of the next head.
        var rest: TimeAmount = .seconds(75)
        /// From the last byte of an early answer to the end: closing at once would take the answer back from a client
        /// that still sends.
        var farewell: TimeAmount = .seconds(1)
    }

    private enum Phase {
        case head, body, answer, farewell
    }

    private let connection: OpenConnection
    private let limits: Limits
    private var phase = Phase.head
    /// How many requests have begun, and how many of them have been answered.
    private var begun = 0
    private var answered = 0
    private var isAnswerGoingOut = false
    private var deadline: NIODeadline?
    private var alarm: (at: NIODeadline, scheduled: Scheduled<Void>)?

    init(_ connection: OpenConnection, limits: Limits = Limits()) {
        self.connection = connection
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(within: limits.head, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.scheduled.cancel()
        alarm = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline = nil
        alarm?.scheduled.cancel()
        alarm = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes behind the last answer is nobody's.
        guard phase != .farewell else { return }
        switch unwrapInboundIn(data) {
        case .head:
            begun += 1
            connection.beginRequest()
            phase = .body
            deadline = nil
        case .body: break
        case .end:
            phase = .answer
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most requests have come as a whole by now.
        if phase == .body, deadline == nil { expect(within: limits.body, context) }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Nothing goes behind the last answer.
        guard phase != .farewell else {
            promise?.succeed(())
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where isEarly:
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end: finish(context, data, promise)
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        // Usually all of it is with the system now.
        if isAnswerGoingOut, deadline == nil { expect(within: limits.answer, context) }
    }

    /// Whether the answer is one to a request that has not come to its end.
    private var isEarly: Bool { phase == .body && begun == answered + 1 }

    private func finish(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        answered += 1
        isAnswerGoingOut = true
        if phase == .body, begun == answered {
            phase = .farewell
        } else if begun == answered {
            phase = .head
        }
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.isAnswerGoingOut = false
            guard self.begun == self.answered, context.channel.isActive else { return }
            if self.phase == .farewell {
                self.expect(within: self.limits.farewell, context)
            } else if self.phase == .head {
                self.connection.beginWaiting(now: context.eventLoop.now)
                self.expect(within: self.limits.rest, context)
            }
        }
        deadline = nil
        context.write(data, promise: promise)
    }

    /// Ends the connection unless something changes in time.
    private func expect(within limit: TimeAmount, _ context: ChannelHandlerContext) {
        let end = context.eventLoop.now + limit
        deadline = end
        // An alarm that comes earlier looks at the deadline then; so most requests set none.
        if let alarm, alarm.at <= end { return }
        alarm?.scheduled.cancel()
        setAlarm(at: end, context)
    }

    private func setAlarm(at end: NIODeadline, _ context: ChannelHandlerContext) {
        let scheduled = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
            self.alarm = nil
            guard let deadline = self.deadline else { return }
            if deadline <= context.eventLoop.now {
                context.close(promise: nil)
            } else {
                self.setAlarm(at: deadline, context)
            }
        }
        alarm = (end, scheduled)
    }
}
