internal import CHostShim
internal import Glibc

/// A descriptor that becomes readable when another thread calls `wake()`: how a thread in poll(2) is told of news.
package final class WakeUp: Sendable {
    /// The descriptor to wait for, with `POLLIN`.
    package let descriptor: Int32

    /// Opens the descriptor.
    /// - Throws: ``HostError`` when there is no descriptor left.
    package init() throws(HostError) {
        descriptor = try systemCall("eventfd") { chost_event_open() }
    }

    deinit {
        close(descriptor)
    }

    /// Makes the descriptor readable; calls that come before `acknowledge()` count as one.
    package func wake() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    /// Makes the descriptor unreadable again.
    package func acknowledge() {
        var counter: UInt64 = 0
        _ = unsafe read(descriptor, &counter, 8)
    }
}
