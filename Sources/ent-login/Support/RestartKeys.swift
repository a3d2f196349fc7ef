internal import EnterpriseAuth

/// The keys that a portal reads once: what it has begun with stays until it is started again.
enum RestartKeys {
    /// Puts what runs in the place of what cannot change while it runs.
    /// - Parameters:
    ///   - running: What runs.
    ///   - new: What the file says now.
    /// - Returns: What can be in force now, and a line for each key of which that is not what the file says.
    static func keep(
        _ running: LoginConfiguration,
        in new: LoginConfiguration
    ) -> (configuration: LoginConfiguration, lines: [String]) {
        var configuration = new
        var lines: [String] = []
        if new.localSocketPath != running.localSocketPath {
            let path = running.localSocketPath ?? "none"
            lines.append("The local socket has moved, and that needs a restart: until then it is \(path).")
        }
        keep("session.store", \.session.store, of: running, in: &configuration, &lines)
        keep("[throttle]", \.throttle, of: running, in: &configuration, &lines)
        keep("audit.file", \.audit.file, of: running, in: &configuration, &lines)
        keep("log.level", \.log.level, of: running, in: &configuration, &lines)
        if let old = running.portal, var portal = configuration.portal {
            keep("portal.listen", \.listen, of: old, in: &portal, &lines)
            keep("portal.internal_listen", \.internalListen, of: old, in: &portal, &lines)
            configuration.portal = portal
        }
        return (configuration, lines)
    }

    private static func keep<Part, Value: Equatable>(
        _ name: String,
        _ path: WritableKeyPath<Part, Value>,
        of old: Part,
        in new: inout Part,
        _ lines: inout [String]
    ) {
        guard new[keyPath: path] != old[keyPath: path] else { return }
        new[keyPath: path] = old[keyPath: path]
        lines.append("\(name) has changed, and that needs a restart: until then it stays as it was.")
    }
}
