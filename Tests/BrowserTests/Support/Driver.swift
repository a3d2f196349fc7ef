import Foundation
import TestBed
import TestWeb

/// A running chromedriver, spoken to by the W3C's WebDriver protocol; the browsers that it has started end with it.
final class Driver: Sendable {
    private let program: RunningProgram
    private let scratch: ScratchDirectory
    private let port: Int

    /// Starts one, and waits until it listens.
    static func start() async throws -> Driver {
        let driver = try Driver()
        try await Listening.wait(for: driver.port, by: driver.program)
        return driver
    }

    private init() throws {
        scratch = try ScratchDirectory(name: "browser")
        port = try FreePort.find()
        // Whatever Chromium writes outside its profile, it writes here.
        program = try RunningProgram(
            "chromedriver",
            ["--port=\(port)"],
            environment: ["HOME": scratch.path, "TMPDIR": scratch.path, "XDG_RUNTIME_DIR": scratch.path]
        )
    }

    deinit {
        program.signal(SIGKILL)
        scratch.remove()
    }

    /// A folder for a browser's profile.
    func profile(_ name: String) -> String { scratch.path(name) }

    /// Sends a command.
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path.
    ///   - body: What goes with a POST.
    /// - Returns: The answer's `value`.
    /// - Throws: `TestBedError` with what the driver says is wrong.
    func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let content = try body.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) } ?? ""
        let lines = [
            "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Content-Type: application/json; charset=utf-8",
            "Content-Length: \(content.utf8.count)", "Connection: close", "", content,
        ]
        let answer = try await WebConnection(port: port, name: "", certificateFile: nil).exchange(
            lines.joined(separator: "\r\n"),
            limit: .seconds(90)
        )
        let value = try JSONDecoder().decode(JSON.self, from: Data(answer.body.utf8))["value"]
        guard answer.status == 200 else {
            let message = value["message"].text?.prefix(400) ?? ""
            throw TestBedError("\(method) \(path): \(value["error"].text ?? "no answer"): \(message)")
        }
        return value
    }
}
