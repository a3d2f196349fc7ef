internal import EnterpriseAuth
internal import Logging
internal import Synchronization

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

    /// Starts the log of a program that goes on: by the file, or by more where that is asked for.
    static func start(_ configuration: LogConfiguration, verbosity: Int) {
        LineLogHandler.format.withLock { $0 = configuration.format == .json ? .json : .text }
        let configured = Logger.Level(rawValue: configuration.level.rawValue) ?? .info
        let asked: Logger.Level = verbosity > 1 ? .trace : verbosity == 1 ? .debug : configured
        LoggingSystem.bootstrap { LineLogHandler(label: $0, logLevel: min(configured, asked)) }
    }
}
