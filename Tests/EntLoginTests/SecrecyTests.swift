import Foundation
import TestBed
import Testing

@Suite("Secrets")
struct SecrecyTests {
    private static let password = "open-alice"

    /// Every file below a folder that holds a text, or the text's bytes in base64url.
    private func files(below folder: String, holding secrets: [Data]) throws -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return false }
            return secrets.contains { data.range(of: $0) != nil }
        }
    }

    private func bytes(ofToken text: String) -> Data? {
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: base64 + "=")
    }

    @Test(
        "No password and no token in any output, log, audit file, database or its journal",
        arguments: ["corp", "pam"]
    )
    func output(provider: String) async throws {
        let stacks = try await PAMStacks()
        var options = LoginWorld.Options(provider: provider)
        options.more = "[audit]\nfile = \"@DIR@/audit.jsonl\"\n"
        let world = try await LoginWorld(options, stacks: stacks)
        var printed = ""
        for password in [Self.password, Self.password + "-wrong", "\0" + Self.password] {
            let run = try await world.login("alice", password, "-vvv")
            printed += run.output + run.errors
        }
        for command in [["whoami"], ["sessions", "list"], ["explain", "alice"], ["config", "show"]] {
            let run = try await world.program.run(command + ["-vvv", "--json", "--config", world.path])
            printed += run.output + run.errors
        }
        let token = try String(contentsOfFile: world.program.tokenPath, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(token.utf8.count == 43)
        #expect(printed.contains("alice"))
        for secret in [Self.password, token, world.server.readerPassword] { #expect(!printed.contains(secret)) }
        let secrets = [Data(Self.password.utf8), Data(token.utf8), try #require(bytes(ofToken: token))]
        let found = try files(below: world.program.scratch.path, holding: secrets)
        #expect(found == ["state/ent-login/token"])
        #expect(FileManager.default.fileExists(atPath: world.program.scratch.path("audit.jsonl")))
    }

    @Test("No password in the arguments or the environment of the program and its worker")
    func processes() async throws {
        let stacks = try await PAMStacks()
        let world = try await LoginWorld(.init(provider: "pam", stack: "slow", deadline: "20s"), stacks: stacks)
        let program = try RunningProgram(
            EntLoginProgram.path,
            ["login", "alice", "--password-stdin", "--config", world.path],
            input: Self.password,
            environment: world.program.environment
        )
        let hasWorker = await ProcessCensus.wait { ProcessCensus(of: program.processID).children.count == 1 }
        #expect(hasWorker)
        #expect(ProcessCensus.leaks(of: Self.password, from: program.processID).isEmpty)
        // The search sees something: the path of the configuration is an argument.
        #expect(!ProcessCensus.leaks(of: world.path, from: program.processID).isEmpty)
        let worker = try #require(ProcessCensus(of: program.processID).children.first)
        program.signal(SIGKILL)
        _ = await program.finish()
        let isGone = await ProcessCensus.wait { kill(worker, 0) != 0 }
        #expect(isGone, "the worker outlives its owner")
    }
}
