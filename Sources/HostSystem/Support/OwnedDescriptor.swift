internal import Glibc
internal import Synchronization

/// A file descriptor that is closed exactly once: by `close()`, by the last reference going away, or by whoever
/// `release()` handed it to.
///
/// `descriptor` is a loan. Keep the object alive while the number is in use, and do not close it under another thread
/// that uses the number: the kernel gives numbers out again at once.
public final class OwnedDescriptor: Sendable {
    private let storage: Mutex<Int32>

    /// Takes over an open descriptor.
    /// - Parameter descriptor: An open descriptor that nobody else closes.
    public init(adopting descriptor: Int32) {
        precondition(descriptor >= 0, "an open descriptor is needed")
        storage = Mutex(descriptor)
    }

    deinit {
        close()
    }

    /// The number, or -1 once closed or released.
    public var descriptor: Int32 {
        storage.withLock { $0 }
    }

    /// Closes the descriptor; does nothing the second time.
    public func close() {
        let descriptor = release()
        // close(2): the number is gone whatever is returned, so there is nothing to repeat.
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Hands the descriptor over to the caller, who must close it.
    /// - Returns: The number, or -1 if it was closed or released before.
    public func release() -> Int32 {
        storage.withLock { held in
            defer { held = -1 }
            return held
        }
    }
}
