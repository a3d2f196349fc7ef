internal import Foundation

/// An HTTP/1.1 answer as it came over the wire.
package struct WebAnswer: Sendable, CustomStringConvertible {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: String

    /// Makes an answer, of parts.
    package init(status: Int, headers: [(name: String, value: String)], body: String) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    package var description: String { "\(status) \(headers.map { "\($0.name): \($0.value)" }) \(body.prefix(600))" }

    /// Whether the application has answered, and not the proxy or the portal.
    package var isOfApplication: Bool { self["X-Application"] == "echo" }

    /// The first header of a name.
    package subscript(name: String) -> String? { all(name).first }

    /// All headers of a name.
    package func all(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// Reads an answer.
    /// - Parameters:
    ///   - bytes: What has come so far.
    ///   - hasBody: False after HEAD.
    ///   - isAll: Whether nothing more comes.
    /// - Returns: The answer and the bytes behind it; nil if something is missing.
    package static func read(_ bytes: [UInt8], hasBody: Bool, isAll: Bool) -> (answer: WebAnswer, rest: [UInt8])? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        let head = WebAnswer(status: status, headers: headers, body: "")
        let rest = Array(bytes[end.upperBound...])
        if !hasBody || status == 101 || status == 204 || status == 304 { return (head, rest) }
        if head["Transfer-Encoding"]?.lowercased() == "chunked" {
            guard let body = unchunked(rest[...]) else { return nil }
            return (head.with(body), [])
        }
        if let length = head["Content-Length"].flatMap({ Int($0) }) {
            return rest.count < length ? nil : (head.with(Array(rest.prefix(length))), Array(rest.dropFirst(length)))
        }
        return isAll ? (head.with(rest), []) : nil
    }

    private func with(_ body: [UInt8]) -> WebAnswer {
        WebAnswer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    private static func unchunked(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var (rest, body): (ArraySlice<UInt8>, [UInt8]) = (bytes, [])
        while let end = rest.firstRange(of: Array("\r\n".utf8)) {
            let digits = String(decoding: rest[..<end.lowerBound].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard let size = Int(digits, radix: 16), rest[end.upperBound...].count >= size + 2 else { return nil }
            if size == 0 { return body }
            body += rest[end.upperBound...].prefix(size)
            rest = rest[end.upperBound...].dropFirst(size + 2)
        }
        return nil
    }
}
