internal import NIOCore
internal import NIOHTTP1

/// Has every request that is to be the last of its connection say `Connection: close`.
///
/// The server looks for just that word; options have no case, may be several, and HTTP/1.0 ends without any (RFC 9112,
/// sections 9.3 and 9.6).
final class LastRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), !head.isKeepAlive else {
            return context.fireChannelRead(data)
        }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
