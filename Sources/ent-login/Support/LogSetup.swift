internal import Logging

/// Sends log lines to the standard error.
enum LogSetup {
    /// Starts logging; called once, before anything logs.
    ///
    /// The level in the file is for the portal. A command has its answer, so without being asked it logs only what must
    /// not be overlooked.
    /// - Parameter verbosity: How often `--verbose` was given.
    static func start(verbosity: Int) {
        let level: Logger.Level =
            switch verbosity {
            case 0: .critical
            case 1: .info
            case 2: .debug
            default: .trace
            }
        LoggingSystem.bootstrap { LineLogHandler(label: $0, logLevel: level) }
    }
}
