internal import CHostShim
internal import Glibc
internal import Synchronization

/// Another program, started by this one and never left behind.
///
/// The child leads a session and process group of its own, without a terminal. It gets the environment and the
/// descriptors that are named and no others: standard input, output and error are /dev/null unless given. Its
/// signals are in their default state.
///
/// When the leader ends, the rest of its group is killed. When the last reference goes away, so is a child that still
/// runs, and it is reaped. Only this one process id is ever waited for, so other users of `SIGCHLD` are not disturbed.
public final class ChildProcess: Sendable {
    /// The process id; it may belong to somebody else once ``exitStatus`` is not nil.
    public let processID: Int32

    private let core: Core

    private init(_ core: Core) {
        self.core = core
        processID = core.processID
    }

    deinit {
        core.abandon()
    }

    /// Starts a program.
    /// - Parameters:
    ///   - executable: The program's path; the search path is not used.
    ///   - arguments: The arguments after the program's name. Everybody on the host can read them: no secrets.
    ///   - environment: The whole environment; nothing is inherited.
    ///   - descriptors: For each descriptor number of the child, from 0 to 63, an open descriptor of this process that
    ///     it becomes. They stay open here; close them after the start if the child is to see the other end close.
    /// - Returns: The running child.
    /// - Throws: ``HostError`` with the path as subject, for example if there is no such program.
    public static func spawn(
        executable: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        descriptors: [Int32: Int32] = [:]
    ) throws(HostError) -> ChildProcess {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        for text in [executable] + arguments + variables where text.utf8.contains(0) {
            throw HostError(.invalid("no NUL may stand in an argument"), call: "posix_spawn", subject: executable)
        }
        let (map, copies) = try copy(descriptors, for: executable)
        var processID: Int32 = 0
        let code = withExtendedLifetime(copies) {
            unsafe withStringVector([executable] + arguments) { argumentVector in
                unsafe withStringVector(variables) { variableVector in
                    unsafe chost_spawn(
                        executable,
                        argumentVector,
                        variableVector,
                        map,
                        Int32(map.count),
                        &processID
                    )
                }
            }
        }
        guard code == 0 else { throw HostError(.system(code), call: "posix_spawn", subject: executable) }
        return ChildProcess(Core(processID: processID))
    }

    /// How it ended; nil while it runs.
    public var exitStatus: ExitStatus? { core.poll() }

    /// Kills the child and everybody in its process group at once (`SIGKILL`); does nothing once it has ended.
    public func kill() {
        core.signal(SIGKILL)
    }

    /// Sends a signal to the child and everybody in its process group.
    /// - Parameter number: The signal, such as `SIGTERM`.
    public func signal(_ number: Int32) {
        core.signal(number)
    }

    /// Waits until the child has ended; several tasks may wait.
    /// - Parameter deadline: When to give up; the child goes on.
    /// - Returns: How it ended.
    /// - Throws: ``HostError``: `.timedOut` or `.cancelled`.
    public func wait(deadline: ContinuousClock.Instant) async throws(HostError) -> ExitStatus {
        while true {
            if let status = core.poll() { return status }
            try await core.pause(deadline)
        }
    }

    /// The descriptors by the child's number, as copies that cannot stand in each other's way.
    private static func copy(
        _ descriptors: [Int32: Int32],
        for executable: String
    ) throws(HostError) -> ([Int32], [OwnedDescriptor]) {
        let count = max(2, descriptors.keys.max() ?? 0) + 1
        precondition(count <= 64 && (descriptors.keys.min() ?? 0) >= 0, "a child's descriptors are numbered 0 to 63")
        var map = [Int32](repeating: -1, count: Int(count))
        var copies: [OwnedDescriptor] = []
        for (number, source) in descriptors {
            let copy = try systemCall("fcntl", executable) { fcntl(source, F_DUPFD_CLOEXEC, count) }
            copies.append(OwnedDescriptor(adopting: copy))
            map[Int(number)] = copy
        }
        return (map, copies)
    }

    private static func withStringVector<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var vector = unsafe texts.map { unsafe strdup($0) }
        unsafe vector.append(nil)
        defer { unsafe vector.forEach { unsafe free($0) } }
        return unsafe vector.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the vector ends with NULL") }
            return unsafe body(base)
        }
    }
}

extension ChildProcess {
    /// The child's state, which outlives the child's handle until it is reaped.
    private final class Core: Sendable {
        let processID: Int32
        private let ending: OwnedDescriptor?
        private let status = Mutex<ExitStatus?>(nil)

        init(processID: Int32) {
            self.processID = processID
            // Absent where a container forbids the call; then `pause` looks every 20 ms.
            let descriptor = chost_child_descriptor(processID)
            ending = descriptor >= 0 ? OwnedDescriptor(adopting: descriptor) : nil
        }

        func poll() -> ExitStatus? {
            status.withLock { status in
                if status == nil { status = reap() }
                return status
            }
        }

        func signal(_ number: Int32) {
            // Under the lock: a child that has not been reaped keeps its id, so nobody else can be hit.
            status.withLock { status in
                if status == nil { _ = Glibc.kill(-processID, number) }
            }
        }

        func pause(_ deadline: ContinuousClock.Instant) async throws(HostError) {
            let subject = "\(processID)"
            if let ending {
                try await DescriptorReadiness.wait(
                    for: ending.descriptor,
                    .reading,
                    deadline: deadline,
                    call: "waitid",
                    subject: subject
                )
                return
            }
            let now = ContinuousClock.now
            guard now < deadline else { throw HostError(.timedOut, call: "waitid", subject: subject) }
            let next = min(deadline, now + .milliseconds(20))
            _ = try await DescriptorReadiness.any(of: [], until: next, "waitid", subject)
        }

        /// Nobody holds the child any more: it is killed, and reaped as soon as it has ended.
        func abandon() {
            signal(SIGKILL)
            guard poll() == nil else { return }
            Task.detached { [self] in
                while poll() == nil { try? await pause(.now + .seconds(60)) }
            }
        }

        /// Takes the status of an ended leader, after killing what is left of its group.
        private func reap() -> ExitStatus? {
            var value: Int32 = 0
            let state = unsafe chost_child_state(processID, 1, &value)
            guard Int(state) != CHOST_CHILD_RUNNING else { return nil }
            guard state > 0 else { return .unknown }
            // The zombie still holds the group's number.
            _ = Glibc.kill(-processID, SIGKILL)
            _ = unsafe chost_child_state(processID, 0, &value)
            return Int(state) == CHOST_CHILD_EXITED ? .exited(value) : .signalled(value)
        }
    }
}
