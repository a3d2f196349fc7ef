import EnterpriseAuthHummingbird
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import EnterpriseAuthPortal

/// A client that keeps cookies by host, as a browser does, and goes where it is sent only if it is told to.
final class PortalBrowser: Sendable {
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let text: String

        var location: String? { headers[.location] }

        /// What the page says is wrong.
        var alert: String? { text.firstMatch(of: /role="alert"><p>([^<]*)</).map { String($0.output.1) } }

        /// The hidden and other fields of the first form of the page's content, or else of what stands around it, as they
        /// would be sent.
        var fields: [String: String] {
            let content = text.firstRange(of: "<main").map { text[$0.lowerBound...] } ?? text[...]
            let forms = [content, text[...]].lazy.compactMap { $0.firstMatch(of: /<form [^>]*>[\s\S]*?<\/form>/) }
            let form = forms.first.map { String($0.output) } ?? ""
            let pairs = form.matches(of: /name="([^"]+)"[^>]*value="([^"]*)"/).map { match in
                (String(match.output.1), Self.plain(String(match.output.2)))
            }
            return Dictionary(pairs) { first, _ in first }
        }

        private static func plain(_ text: String) -> String {
            text.replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
                .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        }
    }

    private let responder: any HTTPResponder<BasicLoginRequestContext>
    let peer: String?
    /// Has to answer at once as the router does, wherever it answers at once.
    private let quick: ForwardAuth?
    private let jars = Mutex<[String: [String: String]]>([:])

    /// Makes a browser without any cookie.
    /// - Parameters:
    ///   - router: What answers.
    ///   - peer: The address that it comes from.
    ///   - quick: What has to answer at once as the router does, wherever it answers at once.
    init(_ router: Router<BasicLoginRequestContext>, peer: String? = "192.0.2.7", quick: ForwardAuth? = nil) {
        responder = router.buildResponder()
        (self.peer, self.quick) = (peer, quick)
    }

    /// The cookies of a host.
    subscript(host: String) -> [String: String] {
        get { jars.withLock { $0[host] ?? [:] } }
        set { jars.withLock { $0[host] = newValue } }
    }

    func get(_ url: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, url, headers)
    }

    func post(_ url: String, _ form: [String: String], _ headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = form.sorted { $0.key < $1.key }.map { "\(Self.encoded($0))=\(Self.encoded($1))" }
        return try await send(.post, url, headers, body: body.joined(separator: "&"))
    }

    /// Sends one request.
    func send(
        _ method: HTTPRequest.Method,
        _ url: String,
        _ headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> Answer {
        let (authority, target) = try Self.parts(url)
        let host = String(authority.prefix { $0 != ":" })
        var headers = headers
        if headers[.userAgent] == nil { headers[.userAgent] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" }
        if headers[.accept] == nil { headers[.accept] = "text/html" }
        let cookies = self[host]
        if !cookies.isEmpty {
            headers[.cookie] = cookies.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; ")
        }
        let buffer = ByteBuffer(string: body ?? "")
        if body != nil { headers[.contentLength] = "\(buffer.readableBytes)" }
        let head = HTTPRequest(
            method: method,
            scheme: "http",
            authority: authority,
            path: target,
            headerFields: headers
        )
        let early = quick?.answerAtOnce(head, peer: peer, logger: Logger(label: "test"))
        let channel = EmbeddedChannel()
        if let peer { try await channel.connect(to: SocketAddress(ipAddress: peer, port: 4711)).get() }
        let context = BasicLoginRequestContext(
            source: ApplicationRequestContextSource(
                channel: channel,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        let response: Response
        do {
            response = try await responder.respond(
                to: Request(head: head, body: RequestBody(buffer: buffer)),
                context: context
            )
        } catch let error as any HTTPResponseError {
            response = try error.response(
                from: Request(head: head, body: RequestBody(buffer: buffer)),
                context: context
            )
        }
        for line in response.headers[values: .setCookie] { keep(line, host) }
        let writer = Writer()
        try await response.body.write(writer)
        if let early {
            var headers = response.headers
            headers[.contentLength] = nil
            #expect(early.status == response.status && early.headerFields == headers && writer.text.isEmpty)
        }
        return Answer(status: response.status, headers: response.headers, text: writer.text)
    }

    /// Goes where an answer sends the browser, at most so many times.
    func follow(_ answer: Answer, from url: String, times: Int = 10) async throws -> (Answer, url: String) {
        var (answer, url) = (answer, url)
        for _ in 0..<times {
            guard let location = answer.location, (300..<400).contains(answer.status.code) else { break }
            url = location.hasPrefix("/") ? "http://\(try Self.parts(url).authority)\(location)" : location
            answer = try await get(url)
        }
        return (answer, url)
    }

    private static func parts(_ url: String) throws -> (authority: String, target: String) {
        let rest = url.drop { $0 != ":" }.dropFirst(3)
        let authority = String(rest.prefix { $0 != "/" })
        let target = String(rest.dropFirst(authority.count))
        #expect(url.hasPrefix("http"))
        return (authority, target.isEmpty ? "/" : target)
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private func keep(_ line: String, _ host: String) {
        let parts = line.split(separator: ";")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isOver = parts.contains { $0.trimmingPrefix(" ") == "Max-Age=0" }
        jars.withLock { $0[host, default: [:]][String(pair[0])] = isOver ? nil : String(pair[1]) }
    }

    private final class Writer: ResponseBodyWriter {
        private let bytes = Mutex(ByteBuffer())

        var text: String { bytes.withLock { String(buffer: $0) } }

        func write(_ buffer: ByteBuffer) async throws {
            bytes.withLock { _ = $0.writeImmutableBuffer(buffer) }
        }

        func finish(_ headers: HTTPFields?) async throws {}
    }
}
