internal import ArgumentParser

/// The exit codes, from sysexits.h; scripts rely on them.
enum ExitStatus: Int32, CaseIterable {
    /// Yes: verified, active, valid, done.
    case success = 0
    /// `EX_USAGE`: the command line itself is wrong.
    case usage = 64
    /// `EX_SOFTWARE`: a fault of this program.
    case internalError = 70
    /// `EX_TEMPFAIL`: nobody could say; trying again may help.
    case unavailable = 75
    /// `EX_NOPERM`: no.
    case refused = 77
    /// `EX_CONFIG`: the configuration file, or a right that this process lacks.
    case configuration = 78

    var exitCode: ExitCode { ExitCode(rawValue) }
}
