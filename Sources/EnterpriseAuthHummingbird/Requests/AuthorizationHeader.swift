internal import HTTPTypes
internal import HostCrypto
internal import HostSystem

/// Takes `Authorization` apart (RFC 9110 section 11.6.2).
enum AuthorizationHeader {
    /// What follows a scheme; nil if the header is missing, of another scheme, or there twice.
    static func credentials(_ scheme: String, in headers: HTTPFields) -> String? {
        let lines = headers[values: .authorization]
        guard lines.count == 1, let space = lines[0].firstIndex(of: " ") else { return nil }
        guard lines[0][..<space].lowercased() == scheme.lowercased() else { return nil }
        let credentials = lines[0][space...].drop { $0 == " " }
        return credentials.isEmpty ? nil : String(credentials)
    }

    /// User name and password of a client that shows both with every request (RFC 7617 section 2).
    /// - Returns: Nil for what is no base64 or has no colon.
    static func nameAndPassword(_ credentials: String) -> (name: [UInt8], password: SecretBytes)? {
        let text = credentials.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        // Padding is the only difference to base64url that is left (RFC 4648 section 4).
        let end = text.lastIndex { $0 != UInt8(ascii: "=") }.map { $0 + 1 } ?? 0
        // The header itself lies about in the server's buffers: a secret is what is made of it.
        guard text.count - end <= 2,
            let pair = Base64URL.decode(String(decoding: text[..<end], as: UTF8.self)),
            let colon = pair.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (Array(pair[..<colon]), SecretBytes(pair[(colon + 1)...]))
    }
}
