internal import BenchmarkSupport
internal import NIOCore
internal import NIOPosix

/// Ports on 127.0.0.1.
enum FreePort {
    /// A port that nobody listens on at this moment.
    static func find() async throws -> UInt16 {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return UInt16(clamping: port)
    }

    /// Waits until somebody listens.
    /// - Returns: How long that took.
    @discardableResult
    static func wait(for port: UInt16) async throws -> Duration {
        let begin = ContinuousClock.now
        while ContinuousClock.now - begin < .seconds(20) {
            let attempt = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: Int(port))
            if let channel = try? await attempt.get() {
                try await channel.close()
                return ContinuousClock.now - begin
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw UnexpectedOutcome(description: "nobody listens on port \(port)")
    }
}
