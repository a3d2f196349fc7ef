internal import CHostShim
internal import Glibc

/// A Unix-domain socket at a path, at which other programs of this host connect.
///
/// The file takes the place of one that a crash has left, never that of a living listener: a lock file beside it
/// (`PATH.lock`) decides between two that start at once, and whoever else holds the socket answers a connection. Nobody
/// can connect before the permissions are as they should be, because listen(2) comes last.
public final class LocalListener: Sendable {
    /// The socket's path.
    public let path: String

    private let socket: OwnedDescriptor
    private let lock: FileLock
    private let facts: FileFacts

    private init(path: String, socket: OwnedDescriptor, lock: FileLock, facts: FileFacts) {
        (self.path, self.socket, self.lock, self.facts) = (path, socket, lock, facts)
    }

    deinit {
        close()
    }

    /// Opens the socket; takes no longer than a few file operations.
    /// - Parameters:
    ///   - path: The socket's path; its folder must be this user's or root's, and nobody else's to write in.
    ///   - mode: The permission bits; connecting needs the right to write (unix(7)).
    ///   - backlog: How many connections may wait to be accepted.
    /// - Returns: The listener.
    /// - Throws: ``HostError`` with the code `EADDRINUSE` if somebody listens there, or what else is in the way.
    public static func open(_ path: String, mode: UInt16, backlog: Int32 = 128) throws(HostError) -> LocalListener {
        guard let address = SocketAddress(unixPath: path) else {
            throw HostError(.invalid("a socket's path has 1 to 107 bytes"), call: "bind", subject: path)
        }
        try checkFolder(of: path)
        guard let lock = try FileLock.tryAcquire(path + ".lock") else { throw inUse(path) }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = OwnedDescriptor(
            adopting: try systemCall("socket", path) { Glibc.socket(AF_UNIX, type, 0) }
        )
        try clear(path, address)
        try systemCall("bind", path) { unsafe address.withSockaddr { unsafe bind(socket.descriptor, $0, $1) } }
        do {
            try systemCall("chmod", path) { unsafe chmod(path, mode_t(mode)) }
            let facts = try HostFile.facts(of: path, followLinks: false)
            try systemCall("listen", path) { listen(socket.descriptor, backlog) }
            return LocalListener(path: path, socket: socket, lock: lock, facts: facts)
        } catch {
            try? HostFile.remove(path)
            throw error
        }
    }

    /// Waits for the next connection.
    ///
    /// Cancelling the task ends the wait.
    /// - Parameter deadline: When to give up.
    /// - Returns: The connection, non-blocking and close-on-exec.
    /// - Throws: ``HostError``: `.timedOut`, `.cancelled`, or what accept(2) says; `EMFILE` and its like pass.
    public func accept(deadline: ContinuousClock.Instant) async throws(HostError) -> OwnedDescriptor {
        while true {
            do throws(HostError) {
                return OwnedDescriptor(
                    adopting: try systemCall("accept", path) { chost_accept(socket.descriptor) }
                )
            } catch {
                switch error.code {
                case ECONNABORTED: continue
                case EAGAIN: break
                default: throw error
                }
            }
            try await DescriptorReadiness.wait(
                for: socket.descriptor,
                .reading,
                deadline: deadline,
                call: "accept",
                subject: path
            )
        }
    }

    /// Takes no more connections.
    ///
    /// Whoever connects from now on is refused; the file stays.
    public func stop() {
        _ = shutdown(socket.descriptor, Int32(SHUT_RDWR))
    }

    /// Ends the listener and removes the file, unless somebody has put another in its place.
    public func close() {
        guard socket.descriptor >= 0 else { return }
        if let now = try? HostFile.facts(of: path, followLinks: false), now.inode == facts.inode,
            now.device == facts.device
        {
            try? HostFile.remove(path)
        }
        socket.close()
        lock.release()
    }

    private static func inUse(_ path: String) -> HostError {
        HostError(.system(EADDRINUSE), call: "bind", subject: path)
    }

    /// Who could write in the folder could put a socket of their own there, and be sent passwords.
    private static func checkFolder(of path: String) throws(HostError) {
        let folder = HostFile.folder(of: path)
        let facts = try HostFile.facts(of: folder)
        guard facts.kind == .directory, facts.ownerID == 0 || facts.ownerID == geteuid(), !facts.isWritableByOthers
        else {
            let rule = "it must be a folder of this user or root where nobody else may write"
            throw HostError(.invalid(rule), call: "bind", subject: folder)
        }
    }

    /// Removes what a listener has left that is no more.
    private static func clear(_ path: String, _ address: SocketAddress) throws(HostError) {
        do throws(HostError) {
            guard try HostFile.facts(of: path, followLinks: false).kind == .socket else {
                throw HostError(.invalid("there is a file that is no socket"), call: "bind", subject: path)
            }
        } catch {
            if error.isNotFound { return }
            throw error
        }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let probe = OwnedDescriptor(adopting: try systemCall("socket", path) { Glibc.socket(AF_UNIX, type, 0) })
        let connected = unsafe address.withSockaddr { unsafe connect(probe.descriptor, $0, $1) }
        let code = errno
        // EAGAIN: somebody listens who has no room just now (unix(7)).
        guard connected != 0, code != EAGAIN else { throw inUse(path) }
        guard code == ECONNREFUSED else { throw HostError(.system(code), call: "connect", subject: path) }
        try HostFile.remove(path)
    }
}
