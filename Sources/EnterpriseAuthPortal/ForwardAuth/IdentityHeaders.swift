internal import EnterpriseAuth
internal import HTTPTypes

/// The headers that tell an application behind a proxy who asks.
///
/// All of them are in every answer that lets a request pass, empty where there is nothing to say: a proxy then overwrites
/// whatever the browser sent under these names.
enum IdentityHeaders {
    /// The headers about a person.
    /// - Parameter user: Who asks; nil for a visitor whom a rule lets pass.
    /// - Returns: Four headers.
    static func fields(for user: DirectoryUser?) -> HTTPFields {
        [
            .remoteUser: user.map { encoded($0.loginName) } ?? "",
            .remoteGroups: (user?.groups ?? []).map { encoded($0) }.joined(separator: ","),
            .remoteName: user?.displayName.map { encoded($0) } ?? "",
            .remoteEmail: user?.email.map { encoded($0) } ?? "",
        ]
    }

    /// A name as a header can carry it: comma, percent sign, control characters and what is not ASCII are
    /// percent-encoded.
    static func encoded(_ text: String) -> String {
        if isPlain(text.utf8) { return text }
        var bytes: [UInt8] = []
        for (index, byte) in text.utf8.enumerated() {
            let isEdge = index == 0 || index == text.utf8.count - 1
            switch byte {
            // Servers strip spaces at the ends of a value (RFC 9110, section 5.5).
            case 0x20 where !isEdge: bytes.append(byte)
            case 0x21...0x7e where byte != UInt8(ascii: ",") && byte != UInt8(ascii: "%"): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text stands for itself: what most names are.
    private static func isPlain(_ text: String.UTF8View) -> Bool {
        text.first != 0x20 && text.last != 0x20
            && text.allSatisfy {
                (0x20...0x7e).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "%")
            }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
