internal import LDAPClient

/// The reference of the configuration file, made from the schema that reads it.
public enum ConfigurationReference {
    /// Writes the reference: every table with its keys, types, defaults and meanings, and the values of the presets.
    /// - Returns: Markdown, as it stands in `docs/configuration.md`.
    public static func markdown() -> String {
        var lines = [introduction]
        for outline in ConfigurationSchema.outlines {
            lines += ["", "## `\(outline.header)`", "", outline.text, ""]
            lines += table(outline)
        }
        lines += ["", "## Presets", "", presetIntroduction]
        for preset in DirectoryPreset.allCases where preset != .custom {
            lines += ["", "### `\(preset.rawValue)`", "", "```toml"] + values(of: preset) + ["```"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = """
        # Configuration

        <!-- Made by `ConfigurationReference.markdown()`; do not edit. -->

        One TOML file, `/etc/ent-login/ent-login.toml` unless `--config` names another. `ent-login config example` prints a
        commented template, `ent-login check` tells everything that is wrong with a file at once, and with a note what of
        it has no effect in this version; `ent-login config show` prints the values that hold.

        - Every key is listed here. An unknown key is an error; so is a value of another type.
        - Durations are a number and a unit: `500ms`, `90s`, `15m`, `12h`, `31d`.
        - Paths are absolute.
        - `NAME` stands for a name of your choice: letters, digits, `-`, `_` and `.`, at most 64 of them.
        - Secrets are never in this file. `{ file = "/path" }` reads a file that belongs to root or to the user of the
          program and that nobody else may read (mode 0600; 0640 if it belongs to root). `{ env = "NAME" }` reads an
          environment variable, which the children of the program do not get. `{ credential = "name" }` reads a
          credential of the systemd unit (`LoadCredential=`). One line end behind the secret is taken away.
        """

    private static let presetIntroduction = """
        What each preset says. Every value can be overridden in the file; `custom` says nothing, so `users.filter`,
        `users.attributes.login`, `users.attributes.id`, `groups.filter`, `groups.name_attribute` and the attributes of
        membership must be given.
        """

    private static func table(_ outline: SchemaOutline) -> [String] {
        guard !outline.rows.isEmpty else { return [] }
        let rows = outline.rows.map { row in
            let type = row.range.isEmpty ? row.type : "\(row.type): \(row.range)"
            let cells = ["`\(row.key)`", type, row.standard, row.summary, row.since].map(cell)
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return ["| key | type | default | meaning | since |", "| --- | --- | --- | --- | --- |"] + rows
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func values(of preset: DirectoryPreset) -> [String] {
        let users = DirectoryConfiguration.Users(preset: preset, base: .root)
        let groups = DirectoryConfiguration.Groups(preset: preset, base: .root)
        return values("users", ConfigurationSchema.usersSection, users) + [""]
            + values("users.attributes", ConfigurationSchema.attributesSection, users.attributes) + [""]
            + values("groups", ConfigurationSchema.groupsSection, groups)
    }

    private static func values<Root>(_ name: String, _ section: SchemaSection<Root>, _ root: Root) -> [String] {
        let fields = section.fields.filter { $0.defaultNote == ConfigurationSchema.fromPreset }
        return ["[directories.NAME.\(name)]"]
            + fields.compactMap { field in field.write(root).map { "\(field.key) = \($0)" } }
    }
}
