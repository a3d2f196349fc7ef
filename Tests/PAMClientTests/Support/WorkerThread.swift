import Foundation
import HostSystem
import PAMClient
import Testing

/// A worker's loop on a thread of the test, and the owner's end of its socket.
final class WorkerThread: Sendable {
    private let channel: PAMWorkerChannel
    private let ended = DispatchSemaphore(value: 0)

    init() throws {
        var pair: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        channel = PAMWorkerChannel(descriptor: pair[0])
        let other = pair[1]
        Thread.detachNewThread { [ended] in
            PAMWorker.serve(descriptor: other)
            close(other)
            ended.signal()
        }
    }

    /// Sends a request and waits for the reply; nil if the worker hung up.
    func ask(_ request: PAMWorkerRequest) throws -> PAMWorkerReply? {
        ask(raw: request.frame())
    }

    func ask(raw frame: SecretBytes) -> PAMWorkerReply? {
        guard channel.send(frame), let reply = channel.receive() else { return nil }
        return try? PAMWorkerReply(frame: reply)
    }

    /// Hangs up and waits for the thread.
    func end() {
        shutdown(channel.descriptor, Int32(SHUT_RDWR))
        ended.wait()
        close(channel.descriptor)
    }
}
