internal import CHostShim

/// A thread of our own, for work that may block: neither Swift's cooperative pool nor Dispatch's pool may be used up.
package enum HostThread {
    /// Starts a detached thread.
    ///
    /// Asynchronous signals are blocked in it, so that handlers run where the program expects them.
    /// - Parameters:
    ///   - name: At most 15 bytes, as shown by ps and gdb.
    ///   - body: What the thread does; the thread ends when it returns.
    /// - Throws: ``HostError`` if there can be no more threads.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(HostError) {
        let box = unsafe Unmanaged.passRetained(Body(body))
        // Sound: the new thread takes the one reference over; if there is no thread it is given back here.
        let code = unsafe chost_start_thread(
            name,
            { argument in unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() },
            box.toOpaque()
        )
        guard code == 0 else {
            unsafe box.release()
            throw HostError(.system(code), call: "pthread_create", subject: name)
        }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
