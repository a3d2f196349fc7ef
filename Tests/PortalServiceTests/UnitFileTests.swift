import Foundation
import TestBed
import TestWeb
import Testing

@Suite("The units of config/systemd")
struct UnitFileTests {
    /// Copies of the units that start the program that was built.
    private func units() throws -> ScratchDirectory {
        let scratch = try ScratchDirectory(name: "units")
        for name in ["ent-login.service", "ent-login.socket"] {
            let text = try String(contentsOfFile: "\(Repository.root)/config/systemd/\(name)", encoding: .utf8)
            try scratch.write(text.replacing("/usr/local/bin/ent-login", with: ServiceWorld.program), to: name)
        }
        return scratch
    }

    private var hasAnalyzer: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze") }

    @Test("systemd finds nothing wrong with them")
    func verify() async throws {
        if !hasAnalyzer { try Test.cancel("there is no systemd-analyze here") }
        let scratch = try units()
        defer { scratch.remove() }
        let paths = ["ent-login.service", "ent-login.socket"].map(scratch.path)
        let run = try await Command.run("systemd-analyze", ["verify", "--man=no"] + paths)
        #expect(run.status == 0, "\(run)")
        #expect(run.errors.isEmpty, "\(run)")
    }

    @Test("what the service may do is little: at most 2.0 of systemd's ten points of exposure")
    func exposure() async throws {
        if !hasAnalyzer { try Test.cancel("there is no systemd-analyze here") }
        let scratch = try units()
        defer { scratch.remove() }
        let arguments = ["security", "--offline=true", "--threshold=20", scratch.path("ent-login.service")]
        let run = try await Command.run("systemd-analyze", arguments)
        #expect(run.status == 0, "\(run.output.suffix(200))\(run.errors)")
    }
}
