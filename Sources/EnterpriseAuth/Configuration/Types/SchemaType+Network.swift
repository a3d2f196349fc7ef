extension SchemaType<ListenAddress> {
    static var listenAddress: SchemaType {
        .text("address and port", example: "\"127.0.0.1:8423\"") { text throws(ValueMistake) in
            guard let address = ListenAddress(parsing: text) else {
                let fix = "write for example \"127.0.0.1:8423\" or \"[::1]:8423\""
                throw ValueMistake("\(TOMLText.shown(text)) is not an address and port", fix: fix)
            }
            return address
        } text: {
            $0.description
        }
    }
}

extension SchemaType<ListenAddress?> {
    /// An address that need not be; empty text says that there is none.
    static var listenAddressOrNone: SchemaType {
        .text("address and port", range: "\"\" for none", example: "\"127.0.0.1:8424\"") { text throws(ValueMistake) in
            if text.isEmpty { return nil }
            guard let address = ListenAddress(parsing: text) else {
                let fix = "write for example \"127.0.0.1:8424\", or \"\" for none"
                throw ValueMistake("\(TOMLText.shown(text)) is not an address and port", fix: fix)
            }
            return address
        } text: {
            $0?.description ?? ""
        }
    }
}

extension SchemaType<WebOrigin> {
    static var webOrigin: SchemaType {
        .text("URL", range: "scheme, host and port", example: "\"https://login.example.org\"") {
            text throws(ValueMistake) in
            guard let origin = WebOrigin(parsing: text) else {
                let fix = "write for example \"https://login.example.org\", without a path"
                throw ValueMistake("\(TOMLText.shown(text)) is not the URL of a host", fix: fix)
            }
            return origin
        } text: {
            $0.description
        }
    }
}

extension SchemaType<NetworkRange> {
    static var networkRange: SchemaType {
        .text("network", range: "an address or ADDRESS/BITS", example: "\"10.0.0.0/8\"") { text throws(ValueMistake) in
            guard let range = NetworkRange(parsing: text) else {
                throw ValueMistake("\(TOMLText.shown(text)) is not a network", fix: "write for example \"10.0.0.0/8\"")
            }
            return range
        } text: {
            $0.description
        }
    }
}

extension SchemaType<String> {
    /// A host's name or address.
    static var host: SchemaType {
        .string("host name", example: "ldap.example.org") { isHostName($0) ? nil : "is not a host name" }
    }

    /// A domain, as a cookie has it: at least two labels, so that it is not a whole top-level domain.
    static var domain: SchemaType {
        .string("domain", example: "example.org") { text in
            isHostName(text) && text.contains(".") && text.last?.isLetter == true ? nil : "is not a domain"
        }
    }

    /// A host's name, or `*.` and a domain.
    static var hostPattern: SchemaType {
        .string("host pattern", range: "a name, or *. and a domain", example: "*.example.org") { text in
            let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
            return isHostName(String(name)) ? nil : "is neither a host name nor *. and a domain"
        }
    }
}

/// Whether a text is a host name in lower case (RFC 1123, section 2.1), which an IPv4 address is too.
func isHostName(_ text: String) -> Bool {
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return text.utf8.count <= 253
        && labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
}
