import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import EnterpriseAuthPortal

@Suite("Heads of requests")
struct RequestHeadsTests {
    @Test(
        "that ask for the connection's end: the server hears of it in one word (RFC 9112)",
        arguments: [
            ("HTTP/1.1", nil, nil), ("HTTP/1.1", "keep-alive", "keep-alive"), ("HTTP/1.1", "close", "close"),
            ("HTTP/1.1", "Close", "close"), ("HTTP/1.1", "TE, Close", "close"), ("HTTP/1.1", "Upgrade", "Upgrade"),
            ("HTTP/1.0", nil, "close"), ("HTTP/1.0", "Keep-Alive", "Keep-Alive"), ("HTTP/1.0", "TE", "close"),
        ] as [(String, String?, String?)]
    )
    func word(version: String, option: String?, heard: String?) throws {
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(RequestHeads())
        let line = option.map { "Connection: \($0)\r\n" } ?? ""
        try channel.writeInbound(ByteBuffer(string: "GET / \(version)\r\nHost: a\r\n\(line)\r\n"))
        guard case .head(let head)? = try channel.readInbound(as: HTTPServerRequestPart.self) else {
            Issue.record("no request")
            return
        }
        #expect(head.headers["Connection"] == [heard].compactMap(\.self))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test("with two hosts are no requests, and nothing that follows is one")
    func hosts() throws {
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(RequestHeads())
        #expect(throws: HTTPParserError.invalidHeaderToken) {
            try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"))
        }
        try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
