internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes

/// Answers proxies on the connection's own thread where memory alone can tell, which is nearly always.
///
/// Whatever else comes goes on to those who may wait: other paths, requests with a body, requests that come in pieces,
/// what comes while an earlier request of the connection has no answer yet, and what comes from a proxy that does not
/// take its answers. The answers are those of ``ForwardAuth``, whichever way they go.
final class ImmediateAnswers: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let current: CurrentPortal
    private let logger: Logger
    /// A head that may be answered here once its end has come.
    private var held: HTTPRequest?
    /// How many requests went on and have no answer yet.
    private var waiting = 0
    private var hasAnswered = false
    /// The address of the connection's other end; nil if nobody knows it.
    private var peer: String?

    init(_ current: CurrentPortal, _ logger: Logger) {
        (self.current, self.logger) = (current, logger)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.ipAddress
    }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.ipAddress
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where isForUs(head, context):
            held = head
        case .head:
            waiting += 1
            context.fireChannelRead(data)
        case .end(nil):
            if let head = held, let answer = answer(to: head) {
                held = nil
                hasAnswered = true
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.write(wrapOutboundOut(.end(nil)), promise: nil)
            } else {
                passOn(context)
                context.fireChannelRead(data)
            }
        case .body, .end:
            passOn(context)
            context.fireChannelRead(data)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        passOn(context)
        if hasAnswered {
            hasAnswered = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { waiting -= 1 }
        context.write(data, promise: promise)
    }

    private func isForUs(_ head: HTTPRequest, _ context: ChannelHandlerContext) -> Bool {
        waiting == 0 && context.channel.isWritable
            // The server's own way ends the connection afterwards.
            && head.headerFields[.connection] != "close"
            && head.path?.utf8.starts(with: ForwardAuthDialect.prefix.utf8) == true
    }

    private func answer(to head: HTTPRequest) -> HTTPResponse? {
        guard var answer = current.portal.auth.answerAtOnce(head, peer: peer, logger: logger) else { return nil }
        answer.headerFields[.contentLength] = "0"
        answer.headerFields[.date] = HTTPDate.now
        return answer
    }

    /// Gives up a head that was held.
    private func passOn(_ context: ChannelHandlerContext) {
        guard let head = held else { return }
        held = nil
        waiting += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
