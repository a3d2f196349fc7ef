extension DistinguishedName.Attribute: CustomStringConvertible {
    /// The part in the string form of RFC 4514.
    public var description: String {
        if isEncoded {
            return "\(type)=#" + String(decoding: value.flatMap(ASCII.hexPair), as: UTF8.self)
        }
        return "\(type)=" + DistinguishedName.Attribute.escaped(value)
    }

    /// Escapes by RFC 4514, section 2.4; control characters and bytes that are not UTF-8 become hexadecimal pairs.
    private static func escaped(_ value: [UInt8]) -> String {
        let isText = String(validating: value, as: UTF8.self) != nil
        var result: [UInt8] = []
        for (index, byte) in value.enumerated() {
            let isEdge = index == 0 || index == value.count - 1
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: ";"), UInt8(ascii: "="):
                result += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "#") where index == 0, UInt8(ascii: " ") where isEdge:
                result += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7F,
                0x80... where !isText || byte < 0x80:
                result.append(UInt8(ascii: "\\"))
                result += ASCII.hexPair(byte)
            default:
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Type and value in the form that is compared.
    ///
    /// NUL cannot occur in a type, and the letter before it tells texts from bytes, so no two kinds can collide.
    var normalized: String {
        let name = DistinguishedName.shortNames[type.text.lowercased()] ?? type.text.lowercased()
        guard !isEncoded, let text = String(validating: value, as: UTF8.self) else {
            return "\(name)\u{0}\(isEncoded ? "e" : "b")"
                + String(decoding: value.flatMap(ASCII.hexPair), as: UTF8.self)
        }
        let words = text.lowercased().unicodeScalars.split(separator: " ")
        return "\(name)\u{0}t" + words.map { String($0) }.joined(separator: " ")
    }
}

extension DistinguishedName {
    /// Object identifiers and long names of the usual naming attributes (RFC 4519, RFC 4514 section 3).
    static let shortNames: [String: String] = [
        "2.5.4.3": "cn", "commonname": "cn",
        "2.5.4.4": "sn", "surname": "sn",
        "2.5.4.5": "serialnumber",
        "2.5.4.6": "c", "countryname": "c",
        "2.5.4.7": "l", "localityname": "l",
        "2.5.4.8": "st", "stateorprovincename": "st",
        "2.5.4.9": "street", "streetaddress": "street",
        "2.5.4.10": "o", "organizationname": "o",
        "2.5.4.11": "ou", "organizationalunitname": "ou",
        "2.5.4.12": "title",
        "2.5.4.41": "name",
        "2.5.4.42": "givenname", "gn": "givenname",
        "0.9.2342.19200300.100.1.1": "uid", "userid": "uid",
        "0.9.2342.19200300.100.1.25": "dc", "domaincomponent": "dc",
        "0.9.2342.19200300.100.1.3": "mail", "rfc822mailbox": "mail",
        "1.2.840.113549.1.9.1": "emailaddress", "email": "emailaddress", "e": "emailaddress",
    ]
}
