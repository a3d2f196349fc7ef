internal import CPAMShim
internal import Glibc
package import HostSystem

/// The process that runs libpam on behalf of another one.
///
/// Modules block, leak, crash, fork and change the state of their process, so they get one that may be killed at any
/// time. It speaks over one socket with the process that started it, serves one transaction at a time, and ends when
/// the other side is gone.
public enum PAMWorker {
    /// Serves the owner until it is gone; the whole work of a worker process.
    ///
    /// Call it first thing in a process of its own, before any other thread exists. The environment is emptied, core
    /// dumps and debuggers are shut out, and what is left of the process group is killed when the owner goes away in
    /// the middle of a transaction.
    ///
    /// - Parameter descriptor: The worker's end of a stream socket pair.
    /// - Returns: The status to exit with: 0 when the owner is gone.
    public static func run(descriptor: Int32) -> Int32 {
        guard harden(descriptor) else { return 71 }
        guard watchOwner(descriptor) else { return 71 }
        serve(FramedSocket(adopting: OwnedDescriptor(adopting: descriptor)))
        return 0
    }

    /// Serves an owner in the same process, on the calling thread, until the other end is closed.
    /// - Parameter socket: The worker's end.
    package static func serve(_ socket: FramedSocket) {
        PAMWorkerLoop(socket: socket).run()
    }

    /// Puts the process into a state in which secrets stay in it and modules find nothing to trip over.
    private static func harden(_ descriptor: Int32) -> Bool {
        // Whatever a module executes must not inherit the socket.
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { return false }
        guard unsafe chdir("/") == 0 else { return false }
        cpam_empty_environment()
        ProcessHardening.keepFilesPrivate()
        ProcessHardening.ignoreBrokenPipes()
        // Passwords pass through this memory.
        guard (try? ProcessHardening.closeMemory()) != nil else { return false }
        return true
    }

    /// Ends the process soon after its owner, even if a module is hanging.
    private static func watchOwner(_ descriptor: Int32) -> Bool {
        let watch: @Sendable () -> Void = {
            // No event is asked for: poll(2) tells of a hang-up unasked.
            var state = pollfd(fd: descriptor, events: 0, revents: 0)
            while unsafe poll(&state, 1, -1) < 0, errno == EINTR {}
            // The loop sees the same end; if it is idle it leaves by itself.
            usleep(500_000)
            if getpgrp() == getpid() { kill(0, SIGKILL) }
            _exit(71)
        }
        return (try? HostThread.start(name: "pam-owner", watch)) != nil
    }
}
