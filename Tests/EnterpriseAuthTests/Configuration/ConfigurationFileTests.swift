import EnterpriseAuth
import Foundation
import HostSystem
import TestBed
import Testing

@Suite("Files that a configuration names")
struct ConfigurationFileTests {
    @Test("are looked at: secrets, certificates, PAM stacks")
    func missing() throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        let more = """
            [providers.host]
            type = "pam"
            service = "ent-login"
            confdir = "\(scratch.path)"
            directory = "corp"

            [directories.corp.tls]
            ca_file = "\(scratch.path)/ca.pem"
            certificate_file = "\(scratch.path)"
            key_file = "\(scratch.path)/client.key"
            """
        let text = SampleConfiguration.minimal(secret: "\(scratch.path)/reader.secret", more: more)
            .replacing("providers = [\"corp\"]", with: "providers = [\"corp\", \"host\"]")
        let before = problems(text)
        #expect(
            before.map { $0.replacing(scratch.path, with: "DIR").prefix { $0 != "(" } } == [
                "t.toml:13:26: error: directories.corp.bind_password.file: DIR/reader.secret does not exist ",
                "t.toml:21:11: error: providers.host.service: DIR/ent-login does not exist ",
                "t.toml:26:11: error: directories.corp.tls.ca_file: DIR/ca.pem does not exist ",
                "t.toml:27:20: error: directories.corp.tls.certificate_file: DIR is not a file ",
                "t.toml:28:12: error: directories.corp.tls.key_file: DIR/client.key does not exist ",
            ]
        )
        for name in ["ent-login", "ca.pem", "client.pem"] { try scratch.write("x", to: name, permissions: 0o644) }
        for name in ["reader.secret", "client.key"] { try scratch.write("x", to: name, permissions: 0o644) }
        let open = problems(text.replacing("\"\(scratch.path)\"\nkey", with: "\"\(scratch.path)/client.pem\"\nkey"))
        #expect(
            open.map { $0.replacing(scratch.path, with: "DIR") } == [
                "t.toml:13:26: error: directories.corp.bind_password.file: DIR/reader.secret is not secret: everybody may "
                    + "use it (mode 0644) (chmod 0600 DIR/reader.secret, and chown it)",
                "t.toml:28:12: error: directories.corp.tls.key_file: DIR/client.key is not secret: everybody may use it "
                    + "(mode 0644) (chmod 0600 DIR/client.key, and chown it)",
            ]
        )
        for name in ["reader.secret", "client.key"] { try scratch.write("x", to: name, permissions: 0o600) }
        #expect(
            problems(text.replacing("\"\(scratch.path)\"\nkey", with: "\"\(scratch.path)/client.pem\"\nkey")).isEmpty
        )
    }

    @Test("decide who logs in, so nobody else may change them: certificates, and the configuration itself")
    func openToChanges() throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        let secret = try scratch.write("s", to: "reader.secret")
        let authorities = try scratch.write("x", to: "ca.pem", permissions: 0o646)
        let more = "[directories.corp.tls]\nca_file = \"\(authorities)\""
        let text = SampleConfiguration.minimal(secret: secret, more: more)
        let path = try scratch.write(text, to: "ent-login.toml", permissions: 0o666)
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationLoader().load(path: path) }
        #expect(
            error?.problems.map { $0.description.replacing(scratch.path, with: "DIR") } == [
                "DIR/ent-login.toml: error: everybody may change it, and so decide who logs in (chmod o-w DIR/ent-login.toml)",
                "DIR/ent-login.toml:20:11: error: directories.corp.tls.ca_file: everybody may change DIR/ca.pem, and so "
                    + "decide whom to trust (chmod o-w DIR/ca.pem)",
            ]
        )
        for file in [authorities, path] {
            try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: file)
        }
        #expect(try ConfigurationLoader().load(path: path).warnings.isEmpty)
    }

    @Test("a secret that is not in the environment here is a warning, because it may be where the program runs")
    func environment() {
        for source in ["{ env = \"ENT_LOGIN_NO_SUCH_VARIABLE\" }", "{ credential = \"reader\" }"] {
            let line = "bind_password = { file = \"/etc/ent-login/reader.secret\" }"
            let text =
                ConfigurationSamples.minimal(replacing: line, with: "bind_password = \(source)")
                + "\n[directories.corp.tls]\nca_file = \"/dev/null\""
            let found = problems(text).filter { $0.contains("bind_password") }
            #expect(found.count == 1 && found[0].contains("warning"), "\(found)")
        }
    }

    private func problems(_ text: String) -> [String] {
        do {
            return try ConfigurationLoader().load(text: text, fileName: "t.toml").warnings.map(\.description)
        } catch {
            return error.problems.map(\.description)
        }
    }
}

@Suite("SecretSource")
struct SecretSourceTests {
    @Test("gives a file's bytes without the line end behind them")
    func file() throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        for (content, expected) in [("s3cret", "s3cret"), ("s3cret\n", "s3cret"), ("s\r\n", "s"), ("s\n\n", "s\n")] {
            try scratch.write(content, to: "secret", permissions: 0o600)
            let secret = try SecretSource.file("\(scratch.path)/secret").read()
            #expect(secret == SecretBytes(expected.utf8))
        }
    }

    @Test("refuses a file that others may read or change", arguments: [0o644, 0o604, 0o602, 0o660, 0o620, 0o601])
    func open(mode: Int) throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        try scratch.write("hunter2", to: "secret", permissions: mode)
        let error = #expect(throws: SecretError.self) { try SecretSource.file("\(scratch.path)/secret").read() }
        #expect(error?.reason.contains("mode 0\(String(mode, radix: 8))") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("lets the group read what belongs to root, and only that")
    func group() throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        try scratch.write("hunter2", to: "secret", permissions: 0o640)
        let source = SecretSource.file("\(scratch.path)/secret")
        if HostEnvironment.effectiveUserID == 0 {
            #expect(try source.read() == SecretBytes("hunter2".utf8))
            try FileManager.default.setAttributes([.ownerAccountID: 12_345], ofItemAtPath: "\(scratch.path)/secret")
        }
        #expect(throws: SecretError.self) { try source.read() }
    }

    @Test("refuses what cannot be a password", arguments: ["", "\n", "a\0b"])
    func content(text: String) throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        try scratch.write(text, to: "secret", permissions: 0o600)
        #expect(throws: SecretError.self) { try SecretSource.file("\(scratch.path)/secret").read() }
    }

    @Test("reads the environment, and says what it does not have")
    func environment() throws {
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(try SecretSource.environment("PATH").read() == SecretBytes(path.utf8))
        #expect(throws: SecretError.self) { try SecretSource.environment("ENT_LOGIN_NO_SUCH_VARIABLE").read() }
        #expect(throws: SecretError.self) { try SecretSource.credential("reader").read() }
        #expect(throws: SecretError.self) { try SecretSource.file("/nonexistent/secret").read() }
        #expect(throws: SecretError.self) { try SecretSource.file("/dev/zero").read() }
    }
}
