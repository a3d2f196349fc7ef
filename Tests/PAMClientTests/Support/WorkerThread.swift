import Foundation
import HostSystem
import PAMClient

/// A worker's loop on a thread of the test, and the owner's end of its socket.
final class WorkerThread: Sendable {
    private let socket: FramedSocket
    private let ended = DispatchSemaphore(value: 0)

    init() throws {
        let (mine, child) = try FramedSocket.pair()
        socket = mine
        Thread.detachNewThread { [ended] in
            PAMWorker.serve(FramedSocket(adopting: child))
            ended.signal()
        }
    }

    /// Sends a request and waits for the reply; nil if the worker hung up.
    func ask(_ request: PAMWorkerRequest) async throws -> PAMWorkerReply? {
        try await ask(raw: request.frame())
    }

    func ask(raw frame: SecretBytes) async throws -> PAMWorkerReply? {
        try await socket.send(frame, deadline: .now + .seconds(20))
        return try await socket.receive(deadline: .now + .seconds(20)).map { try PAMWorkerReply(frame: $0) }
    }

    /// Hangs up and waits for the thread.
    func end() {
        socket.close()
        ended.wait()
    }
}
