/// The effective values of a configuration, for `config show`.
public enum EffectiveConfiguration {
    /// Writes every value that holds as TOML, those included that the file left to their defaults.
    ///
    /// Secrets appear as their source. The result is a configuration file again, with the same meaning.
    /// - Parameter configuration: A configuration.
    /// - Returns: The text, ending with a line end.
    public static func render(_ configuration: LoginConfiguration) -> String {
        var writer = ConfigurationWriter(.effective)
        let root = ConfigurationSchema.root
        writer.table(root, configuration, defaults: root.defaults, header: "")
        return writer.text
    }
}
