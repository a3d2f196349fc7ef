internal import Foundation
public import Glibc

/// What a process holds, counted from `/proc`: descriptors, threads, children.
///
/// Tests of one run share a process: count what only the test at hand can have made, such as connections to its own
/// server, or count in a process of the test's own.
public struct ProcessCensus: Sendable, Equatable {
    /// Open descriptors.
    public let descriptors: Int
    /// Threads.
    public let threads: Int
    /// Children, zombies included.
    public let children: [Int32]

    /// Counts now.
    ///
    /// - Parameter pid: Which process; this one by default.
    public init(of pid: Int32 = getpid()) {
        descriptors = Self.names("/proc/\(pid)/fd").count
        threads = Self.names("/proc/\(pid)/task").count
        children = Self.names("/proc").compactMap { Int32($0) }.filter { Self.parent(of: $0) == pid }
    }

    /// Counts this host's TCP connections to a port on 127.0.0.1 that have not been closed by the side that made them.
    ///
    /// - Parameter port: The port.
    /// - Returns: Their number.
    public static func connections(to port: Int) -> Int {
        let wanted = "0100007F:" + hexadecimal(port)
        let table = wholeText("/proc/net/tcp")
        return table.split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            // 01 established, 02 connecting, 08 closed by the server only; the columns are those of proc(5).
            return fields.count > 3 && fields[2] == wanted && ["01", "02", "08"].contains(fields[3])
        }
    }

    /// Whether every thread of a process stands still.
    ///
    /// `SIGSTOP` is taken by one thread, which stops the others when it next gets a processor; on a busy machine they go on
    /// for a while.
    ///
    /// - Parameter pid: Which process.
    /// - Returns: True once none of them does anything.
    public static func isStopped(_ pid: Int32) -> Bool {
        let threads = names("/proc/\(pid)/task")
        return !threads.isEmpty
            && threads.allSatisfy { thread in
                // Behind the name in parentheses stands the state; T is stopped (proc(5)).
                let stat = (try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/stat", encoding: .utf8)) ?? ""
                return stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].hasPrefix(") T")
            }
    }

    /// Looks for text in the command lines and environments of a process and its children.
    ///
    /// - Parameters:
    ///   - text: What must not be there, for example a password.
    ///   - pid: Which process; this one by default.
    /// - Returns: The files under `/proc` that contain it.
    public static func leaks(
        of text: String,
        from pid: Int32 = getpid()
    ) -> [String] {
        let family = [pid] + ProcessCensus(of: pid).children
        return family.flatMap { ["/proc/\($0)/cmdline", "/proc/\($0)/environ"] }.filter { path in
            let data = try? Data(contentsOf: URL(fileURLWithPath: path))
            return data?.range(of: Data(text.utf8)) != nil
        }
    }

    /// Waits until a condition holds, looking often.
    ///
    /// - Parameters:
    ///   - limit: How long at most.
    ///   - condition: What to wait for.
    /// - Returns: Whether it held in time.
    public static func wait(
        upTo limit: Duration = .seconds(10),
        until condition: @Sendable () async throws -> Bool
    ) async rethrows -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if try await condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return try await condition()
    }

    /// Reads to the end: the kernel hands such a table out a page at a time, and a short read is not its end.
    private static func wholeText(_ path: String) -> String {
        let data = try? FileHandle(forReadingAtPath: path)?.readToEnd()
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func parent(of pid: Int32) -> Int32? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return nil }
        // Behind the name in parentheses: state, parent (proc(5)).
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        return fields.count > 1 ? Int32(fields[1]) : nil
    }

    private static func hexadecimal(_ port: Int) -> String {
        let digits = String(port, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
