package import HostSystem

/// Reads fields of a query or of a form (`application/x-www-form-urlencoded`, WHATWG URL section 5.1).
package enum FormFields {
    /// A field's value.
    /// - Returns: Nil if the field is missing, is there twice, or is no text.
    package static func value(of name: String, in form: some Collection<UInt8>) -> String? {
        bytes(of: name, in: form).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A field's value that is a secret: its bytes, whether they are text or not.
    /// - Returns: Nil if the field is missing, is there twice, or has a percent sign without two digits.
    package static func secret(of name: String, in form: some Collection<UInt8>) -> SecretBytes? {
        bytes(of: name, in: form).map { SecretBytes($0) }
    }

    private static func bytes(of name: String, in form: some Collection<UInt8>) -> [UInt8]? {
        var found: [UInt8]?
        for pair in form.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard PercentCoding.formText(pair[..<equals]) == name else { continue }
            guard found == nil, let value = PercentCoding.formBytes(pair[equals...].dropFirst()) else { return nil }
            found = value
        }
        return found
    }
}
