import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

/// A client that keeps cookies as a browser does.
final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let userAgent: String
    private let jar = Mutex<[String: String]>([:])

    init(_ client: any TestClientProtocol, userAgent: String = "Browser/1.0") {
        self.client = client
        self.userAgent = userAgent
    }

    /// The cookies that it would send.
    var cookies: [String: String] {
        get { jar.withLock { $0 } }
        set { jar.withLock { $0 = newValue } }
    }

    @discardableResult
    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, path, headers)
    }

    /// The text of a page.
    func text(_ path: String, _ headers: HTTPFields = [:]) async throws -> String {
        String(buffer: try await get(path, headers).body)
    }

    /// Where a page sends the browser, which does not go there.
    func location(_ path: String, _ headers: HTTPFields = [:]) async throws -> String? {
        try await get(path, headers).headers[.location]
    }

    @discardableResult
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if headers[.userAgent] == nil { headers[.userAgent] = userAgent }
        let cookies = cookies
        if !cookies.isEmpty, headers[.cookie] == nil {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        }
        let buffer = body.map { ByteBuffer(string: $0) }
        let response = try await client.executeRequest(uri: path, method: method, headers: headers, body: buffer)
        for line in response.headers[values: .setCookie] { keep(line) }
        return response
    }

    /// Sends a URL-encoded form.
    @discardableResult
    func post(_ path: String, _ form: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(.post, path, headers, body: form)
    }

    /// The token in the form of a page.
    func token(of page: String) async throws -> String {
        let text = try await text(page)
        let start = try #require(text.firstRange(of: "csrf_token\" value=\"")).upperBound
        return String(text[start...].prefix { $0 != "\"" })
    }

    private func keep(_ line: String) {
        let parts = line.split(separator: ";")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isOver = parts.contains { $0.trimmingPrefix(" ") == "Max-Age=0" }
        jar.withLock { $0[String(pair[0])] = isOver ? nil : String(pair[1]) }
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    /// The lines that set a cookie of this name.
    func setCookies(_ name: String) -> [String] {
        headers[values: .setCookie].filter { $0.hasPrefix("\(name)=") }
    }
}
