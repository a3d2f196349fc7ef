internal import Dispatch
internal import HostSystem
public import Logging
internal import Synchronization

/// Writes login events to a file, one JSON object a line.
///
/// The file is only ever appended to, and can be rotated away: the next event then goes to a new file. Events are
/// written by a thread of their own, many at a time. If the disk is so slow that more than `backlogLimit` wait, the new
/// ones are lost, and the log says how many.
public final class JSONLinesAuditLog: AuditLog {
    /// How many events may wait to be written.
    public static let backlogLimit = 100_000

    private struct State: Sendable {
        var waiting: [LoginEvent] = []
        var lost = 0
        var isWriting = false
        var file: AppendFile?
    }

    /// The file.
    public let path: String

    private let logger: Logger
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "ent-login.audit", qos: .utility)

    /// Opens the file, making it if it is missing, for its owner only.
    /// - Parameters:
    ///   - path: The file; its directory must exist.
    ///   - logger: Takes a line when the file cannot be written.
    /// - Throws: `HostError` if it cannot be opened.
    public init(path: String, logger: Logger = Logger(label: "ent-login.audit")) throws {
        self.path = path
        self.logger = logger
        state = Mutex(State(file: try AppendFile.open(path)))
    }

    /// Takes one event.
    /// - Parameter event: What happened.
    public func record(_ event: LoginEvent) {
        let mustWrite = state.withLock { state in
            guard state.waiting.count < Self.backlogLimit else {
                state.lost += 1
                return false
            }
            state.waiting.append(event)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustWrite { queue.async { self.write() } }
    }

    /// Waits until all events so far have been written.
    public func flush() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.write()
                continuation.resume()
            }
        }
    }

    private func write() {
        while let (events, lost) = next() {
            if lost > 0 { logger.error("login events were lost", metadata: ["count": "\(lost)"]) }
            let text = events.map { $0.jsonLine + "\n" }.joined()
            do throws(HostError) {
                try currentFile().append(Array(text.utf8))
            } catch {
                logger.error(
                    "login events could not be written",
                    metadata: ["count": "\(events.count)", "error": "\(error)"]
                )
            }
        }
    }

    private func next() -> (events: [LoginEvent], lost: Int)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer {
                state.waiting = []
                state.lost = 0
            }
            return (state.waiting, state.lost)
        }
    }

    private func currentFile() throws(HostError) -> AppendFile {
        if let file = state.withLock({ $0.file }), file.isInPlace { return file }
        let file = try AppendFile.open(path)
        state.withLock { $0.file = file }
        return file
    }
}
