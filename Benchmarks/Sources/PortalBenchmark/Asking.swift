internal import BenchmarkSupport
internal import NIOCore
internal import NIOPosix

/// One plain request over a connection of its own.
enum Asking {
    /// Sends a request and reads until the connection ends.
    /// - Parameters:
    ///   - port: The port on 127.0.0.1.
    ///   - target: Path and query.
    ///   - host: The header Host.
    /// - Returns: The whole answer.
    /// - Throws: What the connection says.
    static func answer(port: UInt16, target: String, host: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: Int(port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(
                ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
            )
            var answer = ""
            for try await part in inbound { answer += String(buffer: part) }
            return answer
        }
    }
}
