internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import TestBed

/// A connection to a proxy or to the portal itself on which a test writes requests byte for byte.
package struct WebConnection: Sendable {
    private typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Where to connect.
    package let port: Int
    /// The name that the certificate has to show.
    package let name: String
    /// The certificate that is trusted; nil means no TLS.
    package let certificateFile: String?

    package init(port: Int, name: String, certificateFile: String?) {
        (self.port, self.name, self.certificateFile) = (port, name, certificateFile)
    }

    /// Sends a request and reads the answer to it.
    /// - Parameters:
    ///   - text: The request.
    ///   - rest: Gives the rest of it, when its time has come.
    ///   - limit: After this long it gives up.
    /// - Returns: The answer.
    /// - Throws: `TestBedError` if the time is up or the connection ends early.
    package func exchange(
        _ text: String,
        then rest: (@Sendable () async throws -> String)? = nil,
        limit: Duration = .seconds(30)
    ) async throws -> WebAnswer {
        try await talk(limit) { inbound, outbound in
            try await Self.write(text, to: outbound)
            if let rest { try await Self.write(try await rest(), to: outbound) }
            var iterator = inbound.makeAsyncIterator()
            return try await Self.answer(&iterator, hasBody: !text.hasPrefix("HEAD ")).answer
        }
    }

    /// Asks for a WebSocket, and if there is one sends a text and waits for it to come back.
    /// - Parameters:
    ///   - text: The request.
    ///   - message: What is sent; short.
    /// - Returns: The answer, and all that came over the WebSocket.
    /// - Throws: As for `exchange`.
    package func webSocket(_ text: String, message: String) async throws -> (answer: WebAnswer, received: String) {
        try await talk(.seconds(30)) { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var iterator = inbound.makeAsyncIterator()
            let (answer, rest) = try await Self.answer(&iterator, hasBody: true)
            guard answer.status == 101 else { return (answer, "") }
            // A masked text frame (RFC 6455, section 5.2) with a mask of zeros.
            let frame = [0x81, 0x80 | UInt8(message.utf8.count), 0, 0, 0, 0] + Array(message.utf8)
            try await outbound.write(ByteBuffer(bytes: frame))
            var received = rest
            while received.firstRange(of: Array(message.utf8)) == nil, let more = try await iterator.next() {
                received += Array(more.readableBytesView)
            }
            return (answer, String(decoding: received, as: UTF8.self))
        }
    }

    /// Writes, unless the other end has hung up already: it may have answered before it did.
    private static func write(_ text: String, to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        do {
            if !text.isEmpty { try await outbound.write(ByteBuffer(string: text)) }
        } catch ChannelError.ioOnClosedChannel {
            // What has come until then tells.
        }
    }

    private static func answer(
        _ iterator: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        hasBody: Bool
    ) async throws -> (answer: WebAnswer, rest: [UInt8]) {
        var bytes: [UInt8] = []
        while true {
            if let found = WebAnswer.read(bytes, hasBody: hasBody, isAll: false) { return found }
            let more: ByteBuffer?
            do {
                more = try await iterator.next()
            } catch NIOSSLError.uncleanShutdown {
                more = nil
            }
            guard let more else { break }
            bytes += Array(more.readableBytesView)
        }
        guard let found = WebAnswer.read(bytes, hasBody: hasBody, isAll: true) else {
            throw TestBedError("the connection ended early: \(String(decoding: bytes, as: UTF8.self))")
        }
        return found
    }

    private func talk<Result: Sendable>(
        _ limit: Duration,
        _ body:
            @escaping @Sendable (
                NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>
            ) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await connect().executeThenClose(body) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw TestBedError("no answer within \(limit)")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    private func connect() async throws -> Stream {
        let context = try certificateFile.map { file in
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(file)
            return try NIOSSLContext(configuration: tls)
        }
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { [name] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: name)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try Stream(wrappingChannelSynchronously: channel)
                }
            }
    }
}
