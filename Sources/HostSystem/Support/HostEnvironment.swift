internal import Glibc

/// What this process was started with: its variables and whose it is.
///
/// Nothing here changes the environment, and nobody else may while the process runs: getenv(3) and setenv(3) must not
/// meet.
public enum HostEnvironment {
    /// The user whose rights the process has.
    public static var effectiveUserID: UInt32 { geteuid() }

    /// The user who started the process; differs from ``effectiveUserID`` in a set-user-id program.
    public static var realUserID: UInt32 { getuid() }

    /// The process's own number.
    public static var processID: Int32 { getpid() }

    /// The program file that runs, or nil if the kernel does not say.
    ///
    /// After an upgrade the path may lead to another program, or to none: to start the very same program again, execute
    /// `/proc/self/exe`.
    public static var executablePath: String? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        guard count > 0 else { return nil }
        return String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The host's own name (gethostname(2)), which need not be a full domain name.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Reads a variable as text.
    /// - Parameter name: The variable.
    /// - Returns: Its value, or nil if it is not set or not UTF-8.
    public static func text(_ name: String) -> String? {
        guard let value = unsafe value(of: name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// Reads a variable that holds a secret, without a copy that stays.
    ///
    /// The variable itself stays in the process's environment block.
    /// - Parameter name: The variable.
    /// - Returns: Its value, or nil if it is not set.
    public static func secret(_ name: String) -> SecretBytes? {
        guard let value = unsafe value(of: name) else { return nil }
        // Sound: the value is NUL-terminated and nobody changes the environment meanwhile.
        return unsafe SecretBytes(UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    private static func value(of name: String) -> UnsafePointer<CChar>? {
        guard !name.isEmpty, !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "=")) else { return nil }
        return unsafe UnsafePointer(getenv(name))
    }
}
