/// The name of an attribute as it stands in a filter, a name or a list of wanted attributes.
///
/// Either a short name (`uid`, `userCertificate;binary`) or an object identifier (`2.5.4.3`), by RFC 4512, section 2.5.
/// Because it can hold nothing else, it never needs escaping. Comparison ignores the case of ASCII letters.
public struct LDAPAttributeName: Sendable, CustomStringConvertible {
    /// The name as it was given, options included.
    public let text: String

    /// Checks a name that comes from outside, a configuration file for instance.
    ///
    /// Underscores are let through because some servers define such names.
    ///
    /// - Parameter text: The name, with options if there are any.
    /// - Throws: ``LDAPSyntaxError`` when it is neither a short name nor an object identifier.
    public init(parsing text: String) throws(LDAPSyntaxError) {
        let parts = text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let base = parts.first, let first = base.first else {
            throw LDAPSyntaxError(.attributeName, "it is empty")
        }
        let wellFormed =
            ASCII.isLetter(first) ? base.allSatisfy(ASCII.isNameByte) : LDAPAttributeName.isObjectIdentifier(base)
        guard wellFormed, parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.allSatisfy(ASCII.isOptionByte) }) else {
            throw LDAPSyntaxError(
                .attributeName,
                "“\(text)” may hold letters, digits and hyphens and begins with a letter, or is an object identifier"
            )
        }
        self.text = text
    }

    /// The name without options, in lower case.
    public var base: String {
        String(text.prefix { $0 != ";" }).lowercased()
    }

    /// The name itself.
    public var description: String { text }

    private static func isObjectIdentifier(_ base: Substring.UTF8View) -> Bool {
        base.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { number in
            !number.isEmpty && number.allSatisfy(ASCII.isDigit)
        }
    }
}

extension LDAPAttributeName: ExpressibleByStringLiteral {
    /// Takes a name that stands in the program text; anything but a valid name traps.
    /// - Parameter value: The name.
    public init(stringLiteral value: String) {
        do {
            try self.init(parsing: value)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

extension LDAPAttributeName: Hashable {
    /// Compares without regard to case.
    /// - Parameters:
    ///   - lhs: One name.
    ///   - rhs: The other.
    /// - Returns: True if both name the same attribute with the same options.
    public static func == (lhs: LDAPAttributeName, rhs: LDAPAttributeName) -> Bool {
        lhs.text.lowercased() == rhs.text.lowercased()
    }

    /// Hashes the lower-case form.
    /// - Parameter hasher: Takes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text.lowercased())
    }
}
