import EnterpriseAuth
import Foundation
import Testing

@Suite("What is written about a configuration")
struct ConfigurationOutputTests {
    @Test("config show gives every value, hides secrets, and means the same when it is read again")
    func effective() throws {
        for text in [ConfigurationSamples.minimal, ConfigurationExample.text] {
            let loaded = try ConfigurationSamples.load(text)
            let shown = EffectiveConfiguration.render(loaded.configuration)
            let again = try ConfigurationSamples.load(shown)
            #expect(again.configuration == loaded.configuration)
            #expect(EffectiveConfiguration.render(again.configuration) == shown)
            #expect(shown.contains("deadline = \"10s\"\n"))
            let secret = "bind_password = { file = \"/etc/ent-login/reader.secret\" }"
            #expect(shown.contains(secret) == text.contains("\n" + secret))
            #expect(shown.contains("# confdir is not set") == text.contains("[providers.host]"))
        }
    }

    @Test("every preset survives config show", arguments: DirectoryPreset.allCases.filter { $0 != .custom })
    func presets(preset: DirectoryPreset) throws {
        let line = "preset = \"openldap\""
        let text = ConfigurationSamples.minimal(replacing: line, with: "preset = \"\(preset.rawValue)\"")
        let configuration = try ConfigurationSamples.load(text).configuration
        let shown = EffectiveConfiguration.render(configuration)
        #expect(try ConfigurationSamples.load(shown).configuration == configuration)
    }

    @Test("text that TOML gives a meaning survives config show")
    func quoting() throws {
        let names = ["a\"b", "back\\slash", "tab\tnew\nline", "zero\u{200b}width", "ünïcode 群", "\u{1f600}", "#, = ["]
        var configuration = try ConfigurationSamples.load(ConfigurationSamples.minimal).configuration
        configuration.active.requirement = GroupRequirementConfiguration(all: names)
        let shown = EffectiveConfiguration.render(configuration)
        #expect(try ConfigurationSamples.load(shown).configuration.active.requirement.references.map(\.name) == names)
    }

    @Test("the template passes the loader without a warning and has every key")
    func template() throws {
        let loaded = try ConfigurationSamples.load(ConfigurationExample.text)
        #expect(loaded.warnings.isEmpty)
        let lines = ConfigurationExample.text.split(separator: "\n")
        for row in ConfigurationReference.markdown().split(separator: "\n") where row.hasPrefix("| `") {
            let key = row.dropFirst(3).prefix { $0 != "`" }
            #expect(lines.contains { $0.hasPrefix("\(key) = ") || $0.hasPrefix("# \(key) = ") }, "\(key)")
        }
        #expect(lines.allSatisfy { $0.count <= 120 })
    }

    @Test("what the template comments out is right when the comment sign is taken away")
    func uncommented() throws {
        let lines = ConfigurationExample.text.split(separator: "\n", omittingEmptySubsequences: false)
        let commentedOut = lines.map { line in
            let words = line.split(separator: " ")
            return words.count > 3 && words[0] == "#" && words[2] == "=" ? line.dropFirst(2) : line
        }
        let text = commentedOut.joined(separator: "\n").replacing("# [portal.tls]", with: "[portal.tls]")
        let problems = ConfigurationSamples.problems(text)
        // These contradict what the template says elsewhere, as they should.
        let expected = [
            "corp.bind_dn: has no meaning with", "corp.bind_password: has no meaning with", "active.source",
            "session.cookie.domain: a __Host- cookie", "remember.cookie.domain: a __Host- cookie",
        ]
        #expect(problems.count == expected.count, "\(problems.joined(separator: "\n"))")
        for text in expected {
            #expect(problems.contains { $0.contains(text) }, "\(text)")
        }
    }

    @Test(
        "the files of the repository are the ones that the code makes",
        arguments: [
            ("docs/configuration.md", ConfigurationReference.markdown()),
            ("config/ent-login.example.toml", ConfigurationExample.text),
        ]
    )
    func committed(path: String, text: String) throws {
        let repository = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let file = repository.appending(path: path)
        let committed = try? String(contentsOf: file, encoding: .utf8)
        if committed != text {
            let made = FileManager.default.temporaryDirectory.appending(path: file.lastPathComponent)
            try text.write(to: made, atomically: true, encoding: .utf8)
            Issue.record("\(path) is out of date; take \(made.path) instead")
        }
    }
}
