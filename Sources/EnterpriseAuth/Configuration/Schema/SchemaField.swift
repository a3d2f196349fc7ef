internal import TOMLReader

/// One key of a table: everything the loader, the reference and the example know about it.
struct SchemaField<Root: Sendable>: Sendable {
    /// The key in the file.
    let key: String
    /// What the type is called, and what is allowed.
    let type: String
    let range: String
    /// What the key does: one sentence.
    let summary: String
    /// The first version that knows the key.
    let since: String
    /// Whether the file must have it.
    let isRequired: Bool
    /// What stands in the reference instead of the default, where that is not a fixed value.
    let defaultNote: String?
    /// A value to show where there is no default.
    let example: String?
    /// Takes the value into the root.
    ///
    /// Only called if the file has the key.
    let read: @Sendable (TOMLNode, _ path: String, inout Root, inout DecodingContext) -> Void
    /// The value as TOML; nil if it is not set.
    let write: @Sendable (Root) -> String?

    /// A value to copy from, as TOML.
    func shownExample(_ defaults: Root) -> String {
        example ?? write(defaults) ?? "…"
    }
}

extension SchemaField {
    /// A key that has a value always.
    /// - Parameters:
    ///   - key: The key in the file.
    ///   - target: Where the value goes.
    ///   - type: How it is read, written and described.
    ///   - summary: What the key does.
    ///   - required: Whether the file must have it.
    ///   - defaultNote: What stands in the reference instead of the default.
    ///   - example: A value to show where the default is not to be written, as TOML.
    ///   - since: The first version that knows the key.
    /// - Returns: The field.
    static func value<Value: Sendable>(
        _ key: String,
        _ target: any WritableKeyPath<Root, Value> & Sendable,
        _ type: SchemaType<Value>,
        _ summary: String,
        required: Bool = false,
        defaultNote: String? = nil,
        example: String? = nil,
        since: String = "0.1"
    ) -> SchemaField {
        SchemaField(
            key: key,
            type: type.name,
            range: type.range,
            summary: summary,
            since: since,
            isRequired: required,
            defaultNote: defaultNote,
            example: example,
            read: { node, path, root, context in
                if let value = type.read(node, path, &context) { root[keyPath: target] = value }
            },
            write: { type.write($0[keyPath: target]) }
        )
    }

    /// A key that may be missing altogether.
    /// - Parameters:
    ///   - key: The key in the file.
    ///   - target: Where the value goes.
    ///   - type: How it is read, written and described.
    ///   - summary: What the key does.
    ///   - required: Whether the file must have it.
    ///   - defaultNote: What stands in the reference for a missing key.
    ///   - example: A value to show, as TOML.
    ///   - since: The first version that knows the key.
    /// - Returns: The field.
    static func optional<Value: Sendable>(
        _ key: String,
        _ target: any WritableKeyPath<Root, Value?> & Sendable,
        _ type: SchemaType<Value>,
        _ summary: String,
        required: Bool = false,
        defaultNote: String? = nil,
        example: String,
        since: String = "0.1"
    ) -> SchemaField {
        value(
            key,
            target,
            type.orNothing,
            summary,
            required: required,
            defaultNote: defaultNote,
            example: example,
            since: since
        )
    }
}
