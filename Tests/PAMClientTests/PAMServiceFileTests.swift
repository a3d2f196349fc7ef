import PAMClient
import TestBed
import Testing

@Suite("A PAM service in the file system")
struct PAMServiceFileTests {
    @Test("Modules are found through include, substack and @include, for the asked question only")
    func includes() async throws {
        let stacks = try await PAMStacks(services: [
            "test": """
            # auth required pam_commented.so
            auth [success=1 default=ignore] /lib/security/pam_first.so nullok # pam_behind.so
            -auth optional pam_dash.so
            auth include common
            account substack common
            @include debian
            auth required \\
               pam_continued.so
            """,
            "common": "auth required pam_unix.so\naccount required pam_time.so\nsession required pam_loginuid.so",
            "debian": "password required pam_cracklib.so\n\tAUTH\trequired\tpam_tab.so",
        ])
        let service = try PAMServiceFile(service: "test", confdir: stacks.confdir)
        #expect(service.path == "\(stacks.confdir)/test")
        let names = service.modules.map { "\($0.facility.rawValue) \($0.name)" }
        #expect(
            names == [
                "auth pam_first", "auth pam_dash", "auth pam_unix", "account pam_time", "password pam_cracklib",
                "auth pam_tab", "auth pam_continued",
            ]
        )
        #expect(service.modules.prefix(2).map(\.path) == ["/lib/security/pam_first.so", "pam_dash.so"])
        let unix = try #require(service.firstUse(of: "pam_unix"))
        #expect(unix.file == "\(stacks.confdir)/common" && unix.line == 1)
        #expect(service.firstUse(of: "pam_cracklib") == nil)
        #expect(service.firstUse(of: "pam_continued")?.line == 7)
        #expect(service.missingFacilities.isEmpty)
    }

    @Test("A service that is nowhere names the places that were looked at")
    func missing() async throws {
        let stacks = try await PAMStacks(services: [:])
        #expect(throws: PAMServiceFileError.missing(service: "test", searched: ["\(stacks.confdir)/test"])) {
            try PAMServiceFile(service: "test", confdir: stacks.confdir)
        }
        let error = #expect(throws: PAMServiceFileError.self) { try PAMServiceFile(service: "no-such-service-here") }
        #expect(error?.description.contains("/etc/pam.d/no-such-service-here") == true)
    }

    @Test("An include that is nowhere names the line")
    func missingInclude() async throws {
        let stacks = try await PAMStacks(services: ["test": "\nauth include nothing"])
        #expect(throws: PAMServiceFileError.missingInclude(name: "nothing", file: "\(stacks.confdir)/test", line: 2)) {
            try PAMServiceFile(service: "test", confdir: stacks.confdir)
        }
    }

    @Test("Includes without end are an error")
    func endless() async throws {
        let stacks = try await PAMStacks(services: ["test": "auth include test"])
        #expect(throws: PAMServiceFileError.tooDeep(path: "\(stacks.confdir)/test")) {
            try PAMServiceFile(service: "test", confdir: stacks.confdir)
        }
    }

    @Test("A service without account lines is told: libpam would ask 'other'")
    func half() async throws {
        let stacks = try await PAMStacks(services: ["test": "auth required MODULE"])
        #expect(try PAMServiceFile(service: "test", confdir: stacks.confdir).missingFacilities == [.account])
    }

    @Test("Every stack of the test bed can be read")
    func testBed() async throws {
        let stacks = try await PAMStacks()
        let names = ["accept", "refuse", "account-expired", "must-change", "password-then-code", "slow", "crashing"]
        for name in names {
            let service = try PAMServiceFile(service: name, confdir: stacks.confdir)
            #expect(service.missingFacilities.isEmpty)
            #expect(service.modules.allSatisfy { $0.name == "pam_testbed" })
        }
    }
}
