import EnterpriseAuth
import TestBed
import Testing

@Suite("The commands about the file")
struct ConfigTests {
    let program: EntLoginProgram

    init() throws {
        program = try EntLoginProgram()
    }

    /// Writes a small configuration with a secret, changed by the test.
    private func write(_ change: (String) -> String = { $0 }) throws -> String {
        let secret = try program.scratch.write("open-sesame", to: "reader.secret")
        return try program.scratch.write(change(SampleConfiguration.minimal(secret: secret)), to: "ent-login.toml")
    }

    @Test("A template with every key is printed, and passes the check")
    func example() async throws {
        let run = try await program.run(["config", "example"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output == ConfigurationExample.text)
        let path = try program.scratch.write(run.output, to: "example.toml")
        let check = try await program.run(["check", "--config", path])
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test("The values that hold are printed, secrets hidden")
    func show() async throws {
        let path = try write()
        let run = try await program.run(["config", "show", "--config", path])
        #expect(run.status == 0)
        #expect(run.output.contains("refusal_time = \"500ms\""))
        #expect(!run.output.contains("open-sesame"))
        // What holds is a file again, and means the same.
        let again = try program.scratch.write(run.output, to: "again.toml")
        #expect(try await program.run(["config", "show", "--config", again]).output == run.output)
    }

    @Test("A good file passes, before or after the command")
    func good() async throws {
        let path = try write()
        for arguments in [["--config", path, "check"], ["check", "--config", path]] {
            let run = try await program.run(arguments)
            #expect(run.status == 0)
            #expect(run.output.contains(path))
        }
        let json = try await program.run(["check", "--json", "--config", path]).json()
        #expect(json["outcome"] as? String == "success")
    }

    @Test("All mistakes of a file are told at once, with place and fix, as text and as JSON")
    func mistakes() async throws {
        let path = try write { text in
            text.replacing("directory = \"corp\"\nall", with: "directry = \"corp\"\nall")
                .replacing("type = \"ldap\"", with: "type = \"ldp\"")
        }
        let run = try await program.run(["check", "--config", path])
        #expect(run.status == 78)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("\(path):5:8: error: providers.corp.type"))
        #expect(run.errors.contains("\(path):16:1: error: active.directry"))
        let json = try await program.run(["check", "--json", "--config", path])
        #expect(json.status == 78)
        #expect(json.errors.isEmpty)
        #expect(try json.json()["outcome"] as? String == "misconfigured")
        let problems = try #require(try json.json()["problems"] as? [[String: Any]])
        #expect(problems.contains { $0["line"] as? Int == 16 && ($0["fix"] as? String)?.contains("directory") == true })
    }

    @Test("A file without anything doubtful has nothing to be told about", arguments: [false, true])
    func nothingDoubtful(isLive: Bool) async throws {
        let more = """
            [remember]
            enabled = true
            """
        let world = try await LoginWorld(.init(more: more))
        let command = isLive ? ["check", "--live"] : ["check"]
        let run = try await world.program.run(command + ["--config", world.path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let json = try await world.program.run(command + ["--json", "--config", world.path])
        #expect(json.status == 0)
        #expect(try json.json()["outcome"] as? String == "success")
        let notes = try #require(try json.json()[isLive ? "file_warnings" : "problems"] as? [[String: Any]])
        #expect(notes.isEmpty)
    }

    @Test("Every command that needs the file ends with 78 without it", arguments: [["check"], ["config", "show"]])
    func missing(command: [String]) async throws {
        let run = try await program.run(command + ["--config", program.scratch.path("none.toml")])
        #expect(run.status == 78)
        #expect(run.errors.contains("none.toml"))
        #expect(run.errors.contains("config example"))
    }
}
