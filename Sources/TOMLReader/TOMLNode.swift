/// A value and where it stands.
public struct TOMLNode: Sendable, Equatable {
    /// What a value can be.
    public enum Value: Sendable, Equatable {
        /// A string; any Unicode scalar may occur in it, NUL included.
        case string(String)
        /// A whole number.
        case integer(Int64)
        /// A floating point number.
        case float(Double)
        /// True or false.
        case boolean(Bool)
        /// A date, a time or both, in RFC 3339 form.
        case dateTime(String)
        /// A list. `[[name]]` headers make one of tables.
        case array([TOMLNode])
        /// A table, however it was written.
        case table(TOMLTable)
    }

    /// The value.
    public var value: Value
    /// Where it stands.
    public var span: TOMLSpan

    /// Makes a node.
    /// - Parameters:
    ///   - value: The value.
    ///   - span: Where it stands.
    public init(_ value: Value, span: TOMLSpan) {
        self.value = value
        self.span = span
    }

    /// What the value is, as TOML's specification calls it.
    public var typeName: String {
        switch value {
        case .string: "string"
        case .integer: "integer"
        case .float: "float"
        case .boolean: "boolean"
        case .dateTime: "date-time"
        case .array: "array"
        case .table: "table"
        }
    }
}
