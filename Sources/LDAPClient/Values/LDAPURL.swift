/// Where a directory server listens: `ldap://host:port`, `ldaps://host:port` or `ldapi://%2Frun%2Fslapd%2Fldapi`.
///
/// This is the address part of RFC 4516 only. A URL that carries a base, attributes, a filter or extensions is refused,
/// because those are settings of their own here and would silently be ignored.
public struct LDAPURL: Sendable, Hashable, CustomStringConvertible {
    /// How the server is reached.
    public enum Scheme: String, Sendable {
        /// Plain TCP, perhaps raised to TLS by StartTLS.
        case ldap
        /// TLS from the first byte.
        case ldaps
        /// A local socket.
        case ldapi
    }

    /// How the server is reached.
    public let scheme: Scheme

    /// The host name or address without brackets; empty for `ldapi`.
    public let host: String

    /// The TCP port: 389 or 636 if the text names none; zero for `ldapi`.
    public let port: UInt16

    /// The path of the local socket; nil unless the scheme is `ldapi`.
    public let socketPath: String?

    /// Whether the way to the server never leaves this machine.
    ///
    /// True for `ldapi`, for the name `localhost` and for numeric loopback addresses; names are not resolved.
    public var isLoopback: Bool {
        if scheme == .ldapi { return true }
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    /// The URL with every part spelled out, the port included.
    public var description: String {
        if let socketPath {
            return "ldapi://" + LDAPURL.percentEncoded(socketPath)
        }
        return "\(scheme.rawValue)://\(hostInURL(host)):\(port)"
    }

    /// Reads a URL.
    /// - Parameter text: The URL; surrounding white space is not accepted.
    /// - Throws: ``LDAPSyntaxError`` saying what is wrong and where.
    public init(parsing text: String) throws(LDAPSyntaxError) {
        guard let separator = text.firstRange(of: "://") else {
            throw LDAPSyntaxError(.url, "it must begin with ldap://, ldaps:// or ldapi://")
        }
        guard let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else {
            throw LDAPSyntaxError(.url, "the scheme must be ldap, ldaps or ldapi")
        }
        var rest = text[separator.upperBound...]
        let offset = text.utf8.distance(from: text.startIndex, to: separator.upperBound)
        if rest.hasSuffix("/") { rest.removeLast() }
        if let extra = rest.firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" }) {
            throw LDAPSyntaxError(
                .url,
                "only the address is taken here, no base, attributes or filter (write / in a socket path as %2F)",
                at: text.utf8.distance(from: text.startIndex, to: extra)
            )
        }
        guard !rest.contains("@") else {
            throw LDAPSyntaxError(.url, "user names and passwords do not belong into the URL", at: offset)
        }
        self.scheme = scheme
        if scheme == .ldapi {
            (host, port) = ("", 0)
            socketPath = try LDAPURL.socketPath(rest, at: offset)
        } else {
            let address = try LDAPURL.address(rest, at: offset)
            host = address.host
            port = address.port ?? (scheme == .ldaps ? 636 : 389)
            socketPath = nil
        }
    }

    private static func socketPath(_ text: Substring, at offset: Int) throws(LDAPSyntaxError) -> String {
        guard let path = percentDecoded(text) else {
            throw LDAPSyntaxError(.url, "the socket path has a broken % escape", at: offset)
        }
        guard path.hasPrefix("/") else {
            throw LDAPSyntaxError(
                .url,
                "the socket path must be absolute, for example ldapi://%2Frun%2Fldapi",
                at: offset
            )
        }
        // sun_path holds 108 bytes, the closing NUL included (unix(7)).
        guard path.utf8.count < 108 else {
            throw LDAPSyntaxError(.url, "the socket path is longer than 107 bytes", at: offset)
        }
        return path
    }

    private static func address(
        _ text: Substring,
        at offset: Int
    ) throws(LDAPSyntaxError) -> (host: String, port: UInt16?) {
        var host = text
        var port: Substring?
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else {
                throw LDAPSyntaxError(.url, "the IPv6 address lacks its closing bracket", at: offset)
            }
            host = text[text.index(after: text.startIndex)..<close]
            let after = text[text.index(after: close)...]
            guard after.isEmpty || after.first == ":" else {
                throw LDAPSyntaxError(.url, "after ] only a port may follow", at: offset)
            }
            port = after.isEmpty ? nil : after.dropFirst()
            guard host.contains(":"), host.utf8.allSatisfy(isAddressByte) else {
                throw LDAPSyntaxError(.url, "in brackets there must be an IPv6 address", at: offset)
            }
        } else {
            if let colon = text.firstIndex(of: ":") {
                host = text[..<colon]
                port = text[text.index(after: colon)...]
            }
            guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy(isHostByte) else {
                throw LDAPSyntaxError(.url, "the host is missing or holds characters that no host name has", at: offset)
            }
        }
        guard let port else { return (String(host), nil) }
        guard port.utf8.allSatisfy(ASCII.isDigit), let number = UInt16(port), number > 0 else {
            throw LDAPSyntaxError(.url, "the port must be a number from 1 to 65535", at: offset)
        }
        return (String(host), number)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-._".utf8.contains(byte)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        ASCII.hexValue(byte) != nil || ":.%".utf8.contains(byte) || isHostByte(byte)
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(ASCII.hexValue),
                let low = iterator.next().flatMap(ASCII.hexValue), high << 4 | low != 0
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func percentEncoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isHostByte(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result += ASCII.hexPair(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A host as it stands in a URL: IPv6 addresses in brackets.
func hostInURL(_ host: String) -> String {
    host.contains(":") ? "[\(host)]" : host
}
