internal import CHostShim
internal import Glibc

/// What a process that handles passwords does first thing in `main`.
///
/// Everything here changes the whole process: it is for programs, not for libraries.
public enum ProcessHardening {
    /// Takes the places of the standard streams that whoever started this process has closed.
    ///
    /// Otherwise the first file that is opened gets such a place, and what is meant for people is written into it. What
    /// stands there now can neither be read as input nor written to as output (`EBADF`).
    /// - Throws: ``HostError`` if there is no `/dev/null`.
    public static func holdStandardStreams() throws(HostError) {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // Those below are open, so that this is the number that open(2) gives.
            let flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            _ = try HostFile.open("/dev/null", flags: flags).release()
        }
    }

    /// Makes writing to a connection that the other side has closed an error instead of the end of the process.
    public static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Keeps this process's memory from being written to a core file or read by other processes of the same user.
    ///
    /// Sets `RLIMIT_CORE` to 0 and clears the dumpable flag (prctl(2)); a program that is executed later has the flag
    /// again.
    /// - Throws: ``HostError`` if the kernel refuses.
    public static func closeMemory() throws(HostError) {
        try systemCall("prctl") { chost_close_memory() }
    }

    /// Lets a crash end the process without a report.
    ///
    /// The Swift runtime would print registers and the memory that they point to, which may be a password, to the
    /// standard error (`SWIFT_BACKTRACE`); it does so in handlers of these signals.
    public static func silenceCrashReports() {
        for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
            _ = signal(number, SIG_DFL)
        }
    }

    /// Lets nobody but the owner use the files that are made from now on.
    public static func keepFilesPrivate() {
        umask(0o077)
    }
}
