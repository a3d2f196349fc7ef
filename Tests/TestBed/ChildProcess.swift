internal import CTestBed
internal import Foundation
internal import Synchronization

/// A child of this process: reaped by a thread of its own, and never signalled once its id may be another's.
final class ChildProcess: Sendable {
    let processID: Int32
    private let status = Mutex<Int32?>(nil)

    /// Takes charge of a child that `ctb_spawn` started.
    init(_ processID: Int32) {
        self.processID = processID
    }

    /// Whether it has ended and been reaped.
    var hasEnded: Bool { status.withLock { $0 != nil } }

    /// Sends a signal, unless the child has ended.
    func signal(_ number: Int32) {
        status.withLock { status in
            if status == nil { kill(processID, number) }
        }
    }

    /// Watches for the end on a thread of its own.
    ///
    /// - Returns: A task whose value is the exit status, or 128 + n for signal n; cancelling it changes nothing.
    func watch() -> Task<Int32, Never> {
        let (ended, continuation) = AsyncStream<Int32>.makeStream()
        Thread.detachNewThread { [self] in
            ctb_await(processID)
            let code = status.withLock { status in
                let code = ctb_reap(processID)
                status = code
                return code
            }
            continuation.yield(code)
            continuation.finish()
        }
        return Task {
            for await code in ended { return code }
            return -1
        }
    }
}
