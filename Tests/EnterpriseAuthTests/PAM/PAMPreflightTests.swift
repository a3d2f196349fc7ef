import Foundation
import HostSystem
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

    private func failure(_ provider: PAMCredentialProvider) async throws -> StartFailure {
        let failure = await #expect(throws: StartFailure.self) {
            try await provider.start(deadline: PAMTest.patience)
        }
        await provider.shutdown()
        return try #require(failure)
    }

    @Test("A stack that can work starts", arguments: [PAMTest.worker, .inProcess])
    func starts(execution: PAMExecution) async throws {
        let stacks = try await PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let provider = provider(stacks, "test", execution: execution)
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
    }

    @Test("A missing service is named with the path to create")
    func missing() async throws {
        let stacks = try await PAMStacks(services: [:])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem.contains("'test' has no file"))
        #expect(failure.fix.contains("\(stacks.confdir)/test"))
        #expect(!failure.isTemporary)
    }

    @Test("A missing kind of line is named", arguments: ["auth", "account"])
    func half(present: String) async throws {
        let stacks = try await PAMStacks(services: ["test": "\(present) required MODULE"])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem.contains("has no '\(present == "auth" ? "account" : "auth")' line"))
    }

    /// A part of a stack that somebody else could change.
    enum Part: String, CaseIterable {
        case file = "pam.d/test"
        case included = "pam.d/common"
        case other = "pam.d/other"
        case module = "pam_testbed.so"
        case otherModule = "pam_other.so"
        case confdir = "pam.d"
        case parent = ""

        func path(_ stacks: PAMStacks) -> String {
            self == .parent ? stacks.directory : "\(stacks.directory)/\(rawValue)"
        }
    }

    private func stacks() async throws -> PAMStacks {
        let stacks = try await PAMStacks(services: [
            "test": "auth include common\naccount required MODULE", "common": "auth required MODULE",
            "other": "session required @DIR@/pam_other.so",
        ])
        try FileManager.default.copyItem(atPath: stacks.module, toPath: "\(stacks.directory)/pam_other.so")
        return stacks
    }

    private func allow(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test(
        "A stack that its group or everybody may write is refused, with the mode and the fix",
        arguments: Part.allCases
    )
    func writable(part: Part) async throws {
        let stacks = try await stacks()
        let path = part.path(stacks)
        for mode in [0o775, 0o757] {
            try allow(mode, path)
            let failure = try await failure(provider(stacks, "test"))
            #expect(failure.part == "providers.host")
            #expect(failure.fix == "chmod go-w \(path)")
            #expect(failure.problem.contains(", mode 0\(String(mode, radix: 8))"))
            #expect(failure.problem.hasPrefix("\(path) may be written by others"))
            #expect(!failure.isTemporary)
        }
        try allow(0o700, path)
        let mended = provider(stacks, "test")
        try await mended.start(deadline: PAMTest.patience)
        await mended.shutdown()
    }

    @Test("A stack that belongs to somebody else is refused, with the owner and the fix", arguments: Part.allCases)
    func owner(part: Part) async throws {
        let stacks = try await stacks()
        let path = part.path(stacks)
        let preflight = PAMPreflight(provider: "host", service: "test", confdir: stacks.confdir)
        let stack = try preflight.readService()
        let me = HostEnvironment.effectiveUserID
        try preflight.checkOwners(of: stack, effectiveUser: me)
        // Without the right to give a file away, all of it is somebody else's to another user.
        let isRoot = me == 0
        if isRoot { try FileManager.default.setAttributes([.ownerAccountID: 4242], ofItemAtPath: path) }
        let failure = #expect(throws: StartFailure.self) {
            try preflight.checkOwners(of: stack, effectiveUser: isRoot ? 0 : me + 1)
        }
        #expect(failure?.problem.contains("belongs to another user (owner \(isRoot ? 4242 : me), mode 0") == true)
        #expect(failure?.fix.hasPrefix("chown root /") == true)
        if isRoot { #expect(failure?.fix == "chown root \(path)") }
    }

    @Test("A directory above may be open to all if it is sticky, the directory of stacks itself may not")
    func sticky() async throws {
        let stacks = try await stacks()
        try allow(0o1777, stacks.directory)
        let provider = provider(stacks, "test")
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
        try allow(0o1777, stacks.confdir)
        #expect(try await failure(self.provider(stacks, "test")).fix == "chmod go-w \(stacks.confdir)")
    }

    @Test("A stack that is a link is refused if others could change what it leads to")
    func link() async throws {
        let stacks = try await stacks()
        let other = try ScratchDirectory(name: "pam")
        defer { other.remove() }
        try other.write("auth required \(stacks.module)\naccount required \(stacks.module)\n", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: "\(stacks.confdir)/linked",
            withDestinationPath: other.path("target")
        )
        let provider = provider(stacks, "linked")
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
        try allow(0o777, other.path)
        #expect(try await failure(self.provider(stacks, "linked")).fix == "chmod go-w \(other.path)")
    }

    @Test("A stack behind several links is refused if others could change one in the middle")
    func linkInTheMiddle() async throws {
        let stacks = try await stacks()
        let (middle, other) = (try ScratchDirectory(name: "pam"), try ScratchDirectory(name: "pam"))
        defer {
            middle.remove()
            other.remove()
        }
        try other.write("auth required \(stacks.module)\naccount required \(stacks.module)\n", to: "target")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: middle.path("current"), withDestinationPath: other.path)
        try files.createSymbolicLink(
            atPath: "\(stacks.confdir)/linked",
            withDestinationPath: "\(middle.path("current"))/../\(other.path.split(separator: "/").last ?? "")/./target"
        )
        let provider = provider(stacks, "linked")
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
        try allow(0o777, middle.path)
        #expect(try await failure(self.provider(stacks, "linked")).fix == "chmod go-w \(middle.path)")
    }

    @Test("A module behind a link is refused if others could change what it leads to, or the link")
    func linkedModule() async throws {
        let stacks = try await PAMStacks(services: [
            "test": "auth required @DIR@/linked.so\naccount required MODULE"
        ])
        let other = try ScratchDirectory(name: "pam")
        defer { other.remove() }
        let (files, target) = (FileManager.default, other.path("pam_x.so"))
        try files.copyItem(atPath: stacks.module, toPath: target)
        try files.createSymbolicLink(atPath: "\(stacks.directory)/linked.so", withDestinationPath: target)
        let provider = provider(stacks, "test")
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
        for path in [target, other.path] {
            try allow(0o772, path)
            #expect(try await failure(self.provider(stacks, "test")).fix == "chmod go-w \(path)")
            try allow(0o700, path)
        }
    }

    @Test("A module that is not there is nobody's harm, unless others could put one there")
    func missingModule() async throws {
        let stacks = try await PAMStacks(services: [
            "test": "-auth sufficient @DIR@/none/pam_none.so\nauth required MODULE\naccount required MODULE"
        ])
        let provider = provider(stacks, "test")
        try await provider.start(deadline: PAMTest.patience)
        await provider.shutdown()
        // In a sticky directory too.
        try allow(0o1777, stacks.directory)
        #expect(try await failure(self.provider(stacks, "test")).fix == "chmod go-w \(stacks.directory)")
    }

    @Test(
        "A module whose file cannot be told from its line is refused, with the line",
        arguments: ["../../../tmp/pam_x.so", "/lib/security/$ISA/pam_x.so", "$ISA/pam_unix.so"]
    )
    func hiddenModule(path: String) async throws {
        let lines = "auth required MODULE\nsession optional \(path)\naccount required MODULE"
        let stacks = try await PAMStacks(services: ["test": lines])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem == "\(stacks.confdir)/test:2 does not say where the module \(path) lies")
    }

    @Test("Links that lead round in a circle are refused")
    func circle() throws {
        let scratch = try ScratchDirectory(name: "pam")
        defer { scratch.remove() }
        try FileManager.default.createSymbolicLink(atPath: scratch.path("a"), withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: scratch.path("b"), withDestinationPath: "a")
        var rights = PAMPathRights(owners: [0, HostEnvironment.effectiveUserID])
        let fault = #expect(throws: PAMPathRights.Fault.self) { try rights.check(scratch.path("a")) }
        #expect(fault?.problem.hasSuffix("leads through too many links") == true)
    }

    @Test("pam_unix without root is refused, wherever it is included from; with root it is fine")
    func unprivileged() async throws {
        let stacks = try await PAMStacks(services: [
            "test": "auth include common\naccount required MODULE", "common": "auth sufficient pam_unix.so nullok",
        ])
        let preflight = PAMPreflight(provider: "host", service: "test", confdir: stacks.confdir)
        let stack = try preflight.readService()
        try preflight.checkRights(of: stack, effectiveUser: 0)
        let failure = #expect(throws: StartFailure.self) {
            try preflight.checkRights(of: stack, effectiveUser: 1000)
        }
        #expect(failure?.problem.hasPrefix("\(stacks.confdir)/common:1 uses pam_unix") == true)
        #expect(failure?.isTemporary == false)
    }

    @Test("pam_rootok among the auth lines is refused, wherever it is included from")
    func rootOK() async throws {
        let stacks = try await PAMStacks(services: [
            "test": "auth include common\nauth required MODULE\naccount required MODULE",
            "common": "auth sufficient pam_rootok.so",
        ])
        let failure = try await failure(provider(stacks, "test"))
        #expect(failure.problem.hasPrefix("\(stacks.confdir)/common:1 uses pam_rootok"))
    }

    @Test("A worker program that is not there is named")
    func noWorker() async throws {
        let stacks = try await PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let failure = try await failure(provider(stacks, "test", execution: .worker(executable: "/nowhere/ent-login")))
        #expect(failure.problem.contains("/nowhere/ent-login"))
        #expect(!failure.isTemporary)
    }

    @Test("A worker that does not answer is over at the deadline")
    func muteWorker() async throws {
        let stacks = try await PAMStacks(services: ["test": "auth required MODULE\naccount required MODULE"])
        let provider = provider(stacks, "test", execution: .worker(executable: "/bin/sleep", arguments: ["3600"]))
        let start = ContinuousClock.now
        let failure = await #expect(throws: StartFailure.self) {
            try await provider.start(deadline: start + .milliseconds(300))
        }
        #expect(failure?.isTemporary == true)
        #expect(ContinuousClock.now - start < .milliseconds(1300))
        await provider.shutdown()
    }

    @Test("Every stack of the test bed starts, and does what its name says")
    func testBed() async throws {
        let stacks = try await PAMStacks()
        let names = ["accept", "refuse", "account-expired", "must-change", "password-then-code", "slow", "crashing"]
        for name in names {
            let provider = provider(stacks, name)
            try await provider.start(deadline: PAMTest.patience)
            await provider.shutdown()
        }
    }
}
