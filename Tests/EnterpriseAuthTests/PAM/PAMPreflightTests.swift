import Foundation
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("Starting a PAM provider")
struct PAMPreflightTests {
    private func provider(
        _ stacks: PAMStacks,
        _ service: String,
        execution: PAMExecution = PAMTest.worker
    ) -> PAMCredentialProvider {
        var configuration = PAMProviderConfiguration(name: "host", service: service)
        configuration.confdir = stacks.confdir
        return PAMCredentialProvider(configuration, execution: execution, people: nil)
    }

    private func failure(_ provider: PAMCredentialProvider) async throws -> ProviderStartFailure {
        let failure = await #expect(throws: ProviderStartFailure.self) {
            try await provider.start(deadline: PAMTest.patience)
        }
        await provider.shutdown()
        return try #require(failure)
    }

    @Test("A stack that can work starts", arguments: [PAMTest.worker, .inProcess])
    func starts(execution: PAMExecution) async throws {
        let stacks = try PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let provider = provider(stacks, "test", execution: execution)
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
    }

    @Test("A missing service is named with the path to create")
    func missing() async throws {
        let stacks = try PAMStacks(services: [:])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem.contains("'test' has no file"))
        #expect(failure.fix.contains("\(stacks.confdir)/test"))
        #expect(!failure.isTemporary)
    }

    @Test("A missing kind of line is named", arguments: ["auth", "account"])
    func half(present: String) async throws {
        let stacks = try PAMStacks(services: ["test": "\(present) required MODULE"])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem.contains("has no '\(present == "auth" ? "account" : "auth")' line"))
    }

    @Test("A stack that everybody may write is refused")
    func writable() async throws {
        let stacks = try PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let file = "\(stacks.confdir)/test"
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.fix == "chmod o-w \(file)")
    }

    @Test("pam_unix without root is refused, wherever it is included from; with root it is fine")
    func unprivileged() throws {
        let stacks = try PAMStacks(services: [
            "test": "auth include common\naccount required MODULE", "common": "auth sufficient pam_unix.so nullok",
        ])
        let preflight = PAMPreflight(provider: "host", service: "test", confdir: stacks.confdir)
        let stack = try preflight.readService()
        try preflight.checkRights(of: stack, effectiveUser: 0)
        let failure = #expect(throws: ProviderStartFailure.self) {
            try preflight.checkRights(of: stack, effectiveUser: 1000)
        }
        #expect(failure?.problem.hasPrefix("\(stacks.confdir)/common:1 uses pam_unix") == true)
        #expect(failure?.isTemporary == false)
    }

    @Test("pam_rootok among the auth lines is refused, wherever it is included from")
    func rootOK() async throws {
        let stacks = try PAMStacks(services: [
            "test": "auth include common\nauth required MODULE\naccount required MODULE",
            "common": "auth sufficient pam_rootok.so",
        ])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem.hasPrefix("\(stacks.confdir)/common:1 uses pam_rootok"))
    }

    @Test("A worker program that is not there is named")
    func noWorker() async throws {
        let stacks = try PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let failure = try await failure(provider(stacks, "test", execution: .worker(executable: "/nowhere/ent-login")))
        #expect(failure.problem.contains("/nowhere/ent-login"))
        #expect(!failure.isTemporary)
    }

    @Test("A worker that does not answer is over at the deadline")
    func muteWorker() async throws {
        let stacks = try PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let provider = provider(stacks, "test", execution: .worker(executable: "/bin/sleep", arguments: ["3600"]))
        let start = ContinuousClock.now
        let failure = await #expect(throws: ProviderStartFailure.self) {
            try await provider.start(deadline: start + .milliseconds(300))
        }
        #expect(failure?.isTemporary == true)
        #expect(ContinuousClock.now - start < .milliseconds(1300))
        await provider.shutdown()
    }

    @Test("Every stack of the test bed starts, and does what its name says")
    func testBed() async throws {
        let stacks = try PAMStacks()
        let names = ["accept", "refuse", "account-expired", "must-change", "password-then-code", "slow", "crashing"]
        for name in names {
            let provider = provider(stacks, name)
            try await provider.start(deadline: PAMTest.patience)
            await provider.shutdown()
        }
    }
}
