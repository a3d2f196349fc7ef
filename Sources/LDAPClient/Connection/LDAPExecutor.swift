/// Where tasks run that make several LDAP operations one after the other.
public enum LDAPExecutor {
    /// The thread that reads the answers of every connection, as a task executor.
    ///
    /// A task that prefers it (`withTaskExecutorPreference`) goes on right where its answer was read, instead of being
    /// woken up on another thread for each operation: a login with three operations is handed over once instead of
    /// three times. Everything that such a task does between its operations holds up all connections, so it may decide
    /// and compute a little, and must never wait in a system call.
    ///
    /// Should the system have no room for the thread, this is the ordinary executor.
    public static var shared: any TaskExecutor {
        do {
            try EventLoop.shared.start()
            return EventLoop.shared
        } catch {
            return globalConcurrentExecutor
        }
    }
}
