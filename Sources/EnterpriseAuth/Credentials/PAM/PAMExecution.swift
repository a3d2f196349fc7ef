/// Where libpam runs.
public enum PAMExecution: Sendable, Hashable {
    /// In worker processes of this program, which calls `PAMWorker.run(descriptor: 3)` when it gets these arguments.
    ///
    /// They can be killed at the deadline, and may crash, without harm to anybody else. The default executable is this
    /// very program, even if its file has been replaced since it was started (proc(5)).
    case worker(executable: String = "/proc/self/exe", arguments: [String] = ["pam-worker"])

    /// On threads of this process, one for each transaction under way.
    ///
    /// A thread cannot be killed: after the deadline the caller goes on, and the thread counts as busy until its
    /// modules return. A module that crashes takes this process with it. Only for stacks that are known to behave.
    case inProcess

    /// What the configuration asks for, with this very program as the worker.
    /// - Parameter isolation: What the configuration says.
    public init(_ isolation: PAMProviderConfiguration.Isolation) {
        switch isolation {
        case .process: self = .worker()
        case .thread: self = .inProcess
        }
    }

    /// The descriptor at which a worker process finds its socket.
    public static let workerDescriptor: Int32 = 3
}
