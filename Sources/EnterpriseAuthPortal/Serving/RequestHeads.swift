internal import NIOCore
internal import NIOHTTP1

/// Reads of request heads what the server leaves open.
///
/// - A request that is to be the last of its connection says `Connection: close`: the server looks for just that word, but
///   options have no case, may be several, and HTTP/1.0 ends without any (RFC 9112, sections 9.3 and 9.6).
/// - A request with two hosts is none: the server would take the first, and a proxy may have looked at the other (RFC 9112,
///   section 3.2).
final class RequestHeads: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var hasFailed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasFailed else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        guard head.headers["Host"].count <= 1 else {
            hasFailed = true
            return context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
        }
        guard !head.isKeepAlive else { return context.fireChannelRead(data) }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
