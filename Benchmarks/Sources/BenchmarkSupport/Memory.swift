internal import Foundation

/// What this process takes up.
public enum Memory {
    /// The memory that is really there, in bytes (proc(5), `statm`).
    public static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else {
            throw UnexpectedOutcome(description: "/proc/self/statm: \(text)")
        }
        return pages * 4096
    }
}
