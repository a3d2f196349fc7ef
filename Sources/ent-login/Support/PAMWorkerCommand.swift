internal import Glibc
internal import HostSystem
internal import PAMClient

/// `ent-login pam-worker`: the hidden subcommand in which libpam runs.
///
/// It is looked for before the command line is parsed, because a worker wants no other thread, no log and no help text.
enum PAMWorkerCommand {
    /// Serves the process that started this one, and ends, if that is what the arguments ask for.
    static func runIfAsked() {
        guard CommandLine.arguments.dropFirst().elementsEqual(["pam-worker"]) else { return }
        // A portal may have many descriptors; modules count on the usual number, and some close every one there may be.
        DescriptorLimit.lower(to: 1024)
        // The descriptor is `PAMExecution.workerDescriptor`. Somebody who types the command has no socket there.
        exit(PAMWorker.run(descriptor: 3))
    }
}
