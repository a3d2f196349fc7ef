internal import TOMLReader

extension SchemaType<[GroupRequirementConfiguration.Entry]> {
    /// A list of groups and nested rules.
    static var groups: SchemaType {
        SchemaType("list of groups", range: "names, and rules such as { any = [\"a\", \"b\"] }") {
            node,
            path,
            context in
            GroupRuleReader.entries(node, path, depth: 0, &context)
        } write: {
            GroupRuleReader.text($0)
        }
    }
}

extension SchemaType<GroupRequirementConfiguration> {
    /// A rule in one value: `{ any = ["a", "b"] }`.
    static var groupRule: SchemaType {
        SchemaType("group rule", range: "{ all = […], any = […], none = […] }") { node, path, context in
            GroupRuleReader.rule(node, path, depth: 0, &context)
        } write: {
            GroupRuleReader.text($0)
        }
    }
}

/// Reads and writes rules about groups, which nest.
private enum GroupRuleReader {
    typealias Rule = GroupRequirementConfiguration

    static let keys = ["all", "any", "none"]
    /// Deeper rules are beyond what a person can check by reading.
    static let maximumDepth = 8

    static func entries(
        _ node: TOMLNode,
        _ path: String,
        depth: Int,
        _ context: inout DecodingContext
    ) -> [Rule.Entry]? {
        guard case .array(let nodes) = node.value else {
            context.wrongType(path, node, expected: "list of groups", example: "[\"employees\"]")
            return nil
        }
        if nodes.isEmpty {
            let message = "an empty list; it would hold for everyone or for nobody, depending on the reader"
            context.error(path, at: node.span.start, message, fix: "name a group, or remove the key")
            return nil
        }
        var entries: [Rule.Entry] = []
        for (index, node) in nodes.enumerated() {
            let path = "\(path)[\(index)]"
            context.note(path, key: node.span.start, value: node.span.start)
            if let entry = entry(node, path, depth: depth, &context) { entries.append(entry) }
        }
        return entries.count == nodes.count ? entries : nil
    }

    private static func entry(
        _ node: TOMLNode,
        _ path: String,
        depth: Int,
        _ context: inout DecodingContext
    ) -> Rule.Entry? {
        switch node.value {
        case .string(let name):
            guard !name.isEmpty, !name.utf8.contains(0) else {
                context.error(path, at: node.span.start, "a group's name cannot be empty", fix: "name a group")
                return nil
            }
            return .group(GroupReference(name, position: context.located(node.span.start)))
        case .table:
            return rule(node, path, depth: depth + 1, &context).map(Rule.Entry.requirement)
        default:
            context.wrongType(path, node, expected: "group's name or a rule", example: "{ any = [\"a\", \"b\"] }")
            return nil
        }
    }

    static func rule(
        _ node: TOMLNode,
        _ path: String,
        depth: Int,
        _ context: inout DecodingContext
    ) -> Rule? {
        guard case .table(let table) = node.value, !table.entries.isEmpty else {
            let message = "must be a rule with at least one of all, any and none"
            context.error(path, at: node.span.start, message, fix: "write for example { any = [\"a\", \"b\"] }")
            return nil
        }
        guard depth <= maximumDepth else {
            let message = "rules nest more than \(maximumDepth) deep"
            context.error(path, at: node.span.start, message, fix: "make it simpler")
            return nil
        }
        var rule = Rule()
        for entry in table.entries {
            let path = "\(path).\(TOMLText.key(entry.key))"
            guard keys.contains(entry.key) else {
                let near = EditDistance.nearest(to: entry.key, among: keys).map { "did you mean `\($0)`?" }
                context.unknownKey(path, at: entry.keySpan.start, fix: near ?? "a rule has all, any and none")
                continue
            }
            context.note(path, key: entry.keySpan.start, value: entry.node.span.start)
            let list = entries(entry.node, path, depth: depth, &context) ?? []
            switch entry.key {
            case "all": rule.all = list
            case "any": rule.any = list
            default: rule.none = list
            }
        }
        return rule
    }

    static func text(_ entries: [Rule.Entry]) -> String? {
        guard !entries.isEmpty else { return nil }
        return TOMLText.list(
            entries.compactMap { entry in
                switch entry {
                case .group(let reference): TOMLText.quoted(reference.name)
                case .requirement(let rule): text(rule)
                }
            }
        )
    }

    static func text(_ rule: Rule) -> String? {
        let parts = zip(keys, [rule.all, rule.any, rule.none]).compactMap { key, entries in
            text(entries).map { "\(key) = \($0)" }
        }
        return parts.isEmpty ? nil : "{ \(parts.joined(separator: ", ")) }"
    }
}
