internal import CTestBed
internal import Foundation

/// A port of 127.0.0.1 where a connect hangs: Linux drops further handshakes while the queue of a listener is full.
public final class BlackHole: Sendable {
    /// The port.
    public let port: Int
    private let descriptors: [Int32]

    /// How many connections it holds itself.
    public var held: Int { descriptors.count - 1 }

    /// Opens a port and fills its queue, without blocking a thread of the cooperative pool.
    ///
    /// - Throws: ``TestBedError`` when there is no port, or when connects do not hang here.
    public init() async throws {
        let listener = ctb_listen_short()
        guard listener >= 0 else { throw TestBedError("no port can be had on 127.0.0.1") }
        let number = ctb_port(listener)
        let (guests, isFull) = await withCheckedContinuation { done in
            Thread.detachNewThread {
                var guests: [Int32] = []
                var last: Int32 = 0
                while last >= 0, guests.count < 10 {
                    last = ctb_connect(number, 200)
                    if last >= 0 { guests.append(last) }
                }
                done.resume(returning: (guests, last < 0))
            }
        }
        port = Int(number)
        descriptors = [listener] + guests
        if !isFull { throw TestBedError("connects to a full queue do not hang on this kernel") }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
