internal import HostSystem

/// An address and port to listen on.
public struct ListenAddress: Sendable, Hashable {
    /// A numeric address or a name, without brackets.
    public var host: String
    /// The port.
    public var port: UInt16

    /// Makes an address.
    /// - Parameters:
    ///   - host: A numeric address or a name, without brackets.
    ///   - port: The port.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension ListenAddress: CustomStringConvertible {
    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Reads `host:port`.
    /// - Parameter text: A numeric address or a host name, a colon and a port from 1 to 65535.
    public init?(parsing text: String) {
        guard let (host, port) = splitHostAndPort(text), let port else { return nil }
        self.init(host: host, port: port)
    }

    /// Whether only this machine can connect: a loopback address, or `localhost`.
    public var isLoopback: Bool {
        isLoopbackHost(host)
    }
}

/// Takes `host`, `host:port`, `[v6]` or `[v6]:port` apart; nil if it is none of them.
func splitHostAndPort(_ text: String) -> (host: String, port: UInt16?)? {
    var host = text[...]
    var port: Substring?
    if text.hasPrefix("[") {
        guard let close = text.firstIndex(of: "]") else { return nil }
        host = text[text.index(after: text.startIndex)..<close]
        let rest = text[text.index(after: close)...]
        guard rest.isEmpty || rest.first == ":", SocketAddress(literal: String(host), port: 1)?.family == .ipv6 else {
            return nil
        }
        port = rest.isEmpty ? nil : rest.dropFirst()
    } else {
        if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard isHostName(host.lowercased()) else { return nil }
    }
    guard let port else { return (host.lowercased(), nil) }
    guard port.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let number = UInt16(port), number > 0
    else { return nil }
    return (host.lowercased(), number)
}

/// Whether a host is this machine: `localhost` or a loopback address; names are not resolved.
func isLoopbackHost(_ host: String) -> Bool {
    host == "localhost" || SocketAddress(literal: host, port: 1)?.isLoopback == true
}
