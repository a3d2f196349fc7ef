internal import CTestBed
internal import Foundation
internal import Synchronization

/// A name server on loopback that is silent until it is told to answer: then every name is 127.0.0.1.
public final class DeafNameServer: Sendable {
    private enum State { case silent, answering, ended }

    /// The server as `address:port`.
    public let server: String
    private let state = Mutex(State.silent)

    /// Starts it.
    /// - Throws: ``TestBedError`` when there is no port.
    public init() throws {
        let descriptor = ctb_datagram_socket()
        guard descriptor >= 0 else { throw TestBedError("no datagram socket can be had") }
        server = "127.0.0.1:\(ctb_port(descriptor))"
        Thread.detachNewThread { [weak self] in
            while let state = self?.state.withLock({ $0 }), state != .ended {
                if state == .answering {
                    ctb_answer_name(descriptor)
                } else {
                    Thread.sleep(forTimeInterval: 0.01)
                }
            }
            close(descriptor)
        }
    }

    /// Answers from now on, the questions that wait included.
    public func answer() {
        state.withLock { $0 = .answering }
    }

    /// Ends it within a moment.
    public func stop() {
        state.withLock { $0 = .ended }
    }
}
