internal import Foundation

/// Why a test that needs more than a compiler cannot run here, for `.enabled(if: Obstacle.… == nil, "…")`.
///
/// The variable `ENT_LOGIN_TESTS` says what the run is for: with `all` (continuous integration) nothing is an obstacle
/// and a missing part fails the test, but for containers on a kernel that gives nobody a namespace; with `fast` whatever needs root or a container is left out; without it tests run
/// where they can.
public enum Obstacle {
    /// Why no container can be started, or nil.
    public static var containers: String? {
        if let reason = root { return reason }
        if let reason = namespaces { return reason }
        return missing("podman") ?? missing("runc")
    }

    /// Why nothing that needs root can be done, or nil.
    public static var root: String? {
        switch mode {
        case "all": nil
        case "fast": "left out by make test-fast"
        default: getuid() == 0 ? nil : "needs root"
        }
    }

    /// Why a program of the host cannot be used, or nil.
    /// - Parameter program: Its name, or the path of a file that belongs to it.
    /// - Returns: What is missing, and what to do.
    public static func missing(_ program: String) -> String? {
        let isFile = program.contains("/")
        if mode == "all"
            || (isFile ? FileManager.default.fileExists(atPath: program) : (try? Command.locate(program)) != nil)
        {
            return nil
        }
        return "\(program) is not installed (Scripts/bootstrap installs it)"
    }

    /// Installing something helps with everything but this.
    private static let namespaces: String? = {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        probe.arguments = ["--mount", "--pid", "--fork", "true"]
        (probe.standardOutput, probe.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        guard (try? probe.run()) != nil else { return "unshare cannot be run" }
        probe.waitUntilExit()
        return probe.terminationStatus == 0 ? nil : "this machine gives nobody a namespace"
    }()

    private static var mode: String? { ProcessInfo.processInfo.environment["ENT_LOGIN_TESTS"] }
}
