internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends connections whose other end takes its time: for a request's head, for its body, for taking the answer.
///
/// The server itself knows only how long a connection may be silent; one byte a minute would hold it for ever. Each limit
/// is for the whole of its part, TLS handshake included. How long an answer takes to be made is not our business: logins
/// have a deadline of their own. What comes and what goes have a deadline each: who goes on asking buys no time for
/// taking the answers.
///
/// An answer is the last where the request asks for that, where it goes out before the request's body has come, so that
/// nobody has to read the rest of a body that is too long (RFC 9112, section 9.6), and where there is no request: to
/// bytes that are none. Then the connection ends, whether or not the other end lets go of it.
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
    /// How many requests have begun; how many answers have begun, have been written, and have been taken.
    private var begun = 0
    private var started = 0
    private var answered = 0
    private var taken = 0
    /// Whether the request that came last wants the connection to end.
    private var isLast = false
    /// When the connection ends for want of what is to come, and of somebody who takes what goes.
    private var deadline: NIODeadline?
    private var takingDeadline: NIODeadline?
    private var alarm: (at: NIODeadline, scheduled: Scheduled<Void>)?

    init(_ connection: OpenConnection, limits: Limits = Limits()) {
        self.connection = connection
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(within: limits.head, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        forgetAll()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forgetAll()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes behind the last request is nobody's.
        guard phase != .farewell, !(isLast && phase == .answer) else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            begun += 1
            isLast = head.headerFields[.connection] == "close"
            connection.beginRequest()
            phase = .body
            deadline = nil
        case .body: break
        case .end:
            // Unless it has come as a whole.
            if deadline != nil { connection.endBody() }
            phase = .answer
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most requests have come as a whole by now.
        if phase == .body, deadline == nil {
            connection.beginBody(now: context.eventLoop.now)
            expect(within: limits.body, context)
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Nothing goes behind the last answer.
        guard phase != .farewell else {
            promise?.succeed(())
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            started += 1
            guard isLastAnswer else { return context.write(data, promise: promise) }
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end: finish(context, data, promise)
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        // Usually all of it is with the system now.
        if started > taken, takingDeadline == nil { expectTaking(context) }
    }

    /// Whether nothing follows the answer that has begun last.
    private var isLastAnswer: Bool {
        started > begun || started == begun && (phase == .body || isLast)
    }

    private func finish(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise()
        answered += 1
        if isLastAnswer {
            phase = .farewell
            deadline = nil
        } else if begun == answered {
            phase = .head
        }
        promise.futureResult.assumeIsolated().whenComplete { _ in self.noteTaken(context) }
        context.write(data, promise: promise)
    }

    /// An answer is with the system as a whole.
    private func noteTaken(_ context: ChannelHandlerContext) {
        taken += 1
        guard context.channel.isActive else { return }
        takingDeadline = nil
        if started > taken { return expectTaking(context) }
        switch phase {
        case .farewell: expect(within: limits.farewell, context)
        case .head:
            connection.beginWaiting(now: context.eventLoop.now)
            expect(within: limits.rest, context)
        case .body, .answer: break
        }
    }

    // MARK: - Deadlines

    private func forgetAll() {
        (deadline, takingDeadline) = (nil, nil)
        alarm?.scheduled.cancel()
        alarm = nil
    }

    private func expect(within limit: TimeAmount, _ context: ChannelHandlerContext) {
        let end = context.eventLoop.now + limit
        deadline = end
        wake(at: end, context)
    }

    private func expectTaking(_ context: ChannelHandlerContext) {
        let end = context.eventLoop.now + limits.answer
        takingDeadline = end
        wake(at: end, context)
    }

    /// Looks at the deadlines then; an alarm that comes earlier does, too, so that most requests set none.
    private func wake(at end: NIODeadline, _ context: ChannelHandlerContext) {
        if let alarm, alarm.at <= end { return }
        alarm?.scheduled.cancel()
        let scheduled = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
            self.alarm = nil
            guard let next = [self.deadline, self.takingDeadline].compactMap(\.self).min() else { return }
            if next <= context.eventLoop.now {
                context.close(promise: nil)
            } else {
                self.wake(at: next, context)
            }
        }
        alarm = (end, scheduled)
    }
}
