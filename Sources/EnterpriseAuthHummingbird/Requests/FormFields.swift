/// Reads fields of a query or of a form (`application/x-www-form-urlencoded`, WHATWG URL section 5.1).
enum FormFields {
    /// A field's value.
    /// - Returns: Nil if the field is missing, is there twice, or is no text.
    static func value(of name: String, in form: some Collection<UInt8>) -> String? {
        var found: String?
        for pair in form.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard PercentCoding.formText(pair[..<equals]) == name else { continue }
            guard found == nil, let value = PercentCoding.formText(pair[equals...].dropFirst()) else { return nil }
            found = value
        }
        return found
    }
}
