internal import Foundation
package import TestBed

/// What a browser does, as far as proxies and portal can tell: cookies by host, redirects, the login form.
package actor Browser {
    private let connect: @Sendable (String) -> WebConnection
    package private(set) var cookies: [String: [String: String]] = [:]
    /// Every address that was gone to, in order.
    package private(set) var trail: [String] = []

    package init(_ world: ProxyWorld) {
        connect = { world.connection(to: $0) }
    }

    /// Makes a browser that finds each host where a closure says.
    package init(connect: @escaping @Sendable (String) -> WebConnection) {
        self.connect = connect
    }

    /// Sends one request.
    /// - Parameters:
    ///   - method: The method.
    ///   - target: Path and query, byte for byte.
    ///   - host: The host.
    ///   - headers: Further lines.
    ///   - body: A form.
    ///   - pause: What happens while half of the form is on its way; nothing by default.
    /// - Returns: The answer.
    /// - Throws: As for a connection.
    package func send(
        _ method: String = "GET",
        _ target: String,
        at host: String = ProxyWorld.wiki,
        headers: [String] = [],
        body: String? = nil,
        pausing pause: (@Sendable () async throws -> Void)? = nil
    ) async throws -> WebAnswer {
        let text = request(method, target, host, headers + ["Connection: close"], body)
        let half = pause == nil ? text.count : text.count - (body?.count ?? 0) / 2
        let answer = try await connect(host).exchange(String(text.prefix(half))) {
            try await pause?()
            return String(text.dropFirst(half))
        }
        keep(answer, host)
        return answer
    }

    /// Goes to a page and wherever it leads.
    /// - Parameters:
    ///   - target: Path and query.
    ///   - host: The host.
    /// - Returns: The page at the end.
    /// - Throws: As for a connection, and `TestBedError` if it goes round in a circle.
    package func visit(_ target: String, at host: String = ProxyWorld.wiki) async throws -> WebAnswer {
        try await follow(try await send("GET", target, at: host), from: host)
    }

    /// Fills the login form in, and goes wherever that leads.
    /// - Parameters:
    ///   - page: The page with the form.
    ///   - person: Who logs in.
    ///   - pause: What happens while half of the form is on its way; nothing by default.
    /// - Returns: The page at the end.
    /// - Throws: As for a connection, and `TestBedError` if it goes round in a circle.
    package func logIn(
        _ page: WebAnswer,
        as person: TestPerson,
        pausing pause: (@Sendable () async throws -> Void)? = nil
    ) async throws -> WebAnswer {
        var fields = Self.fields(of: page)
        fields["username"] = person.user
        fields["password"] = person.password
        return try await submit(fields, to: "/login", pausing: pause)
    }

    /// Sends a form to the portal, and goes wherever that leads.
    package func submit(
        _ fields: [String: String],
        to target: String,
        pausing pause: (@Sendable () async throws -> Void)? = nil
    ) async throws -> WebAnswer {
        let form = fields.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }.joined(separator: "&")
        let headers = ["Origin: https://\(ProxyWorld.login)", "Content-Type: application/x-www-form-urlencoded"]
        let answer = try await send(
            "POST",
            target,
            at: ProxyWorld.login,
            headers: headers,
            body: form,
            pausing: pause
        )
        return try await follow(answer, from: ProxyWorld.login)
    }

    /// Asks for a WebSocket.
    package func webSocket(_ target: String, message: String) async throws -> (answer: WebAnswer, received: String) {
        let headers = [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-Fetch-Mode: websocket",
            "Origin: https://wiki.example.org",
        ]
        let text = request("GET", target, ProxyWorld.wiki, headers, nil)
        return try await connect(ProxyWorld.wiki).webSocket(text, message: message)
    }

    /// The hidden fields of a page's form.
    package static func fields(of page: WebAnswer) -> [String: String] {
        var fields: [String: String] = [:]
        for match in page.body.matches(of: #/<input[^>]*name="(?<name>\w+)"[^>]*value="(?<value>[^"]*)"/#) {
            fields[String(match.name)] = String(match.value).replacing("&amp;", with: "&").replacing(
                "&quot;",
                with: "\""
            )
        }
        return fields
    }

    private func request(_ method: String, _ target: String, _ host: String, _ headers: [String], _ body: String?)
        -> String
    {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: \(host)", "User-Agent: Test/1", "Accept: text/html,*/*"]
        let known = (cookies[host] ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !known.isEmpty { lines.append("Cookie: \(known.joined(separator: "; "))") }
        lines += headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return (lines + ["", body ?? ""]).joined(separator: "\r\n")
    }

    private func keep(_ answer: WebAnswer, _ host: String) {
        for line in answer.all("Set-Cookie") {
            let pair = line.split(separator: ";")[0].split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let isGone = pair[1].isEmpty || line.contains("Max-Age=0")
            cookies[host, default: [:]][String(pair[0])] = isGone ? nil : String(pair[1])
        }
    }

    /// Adds a cookie that an application might have set.
    package func add(_ name: String, _ value: String, at host: String) {
        cookies[host, default: [:]][name] = value
    }

    private func follow(_ first: WebAnswer, from start: String) async throws -> WebAnswer {
        var (answer, host) = (first, start)
        for _ in 0..<12 {
            guard (300..<400).contains(answer.status), let location = answer["Location"] else { return answer }
            guard let url = URLComponents(string: location) else { throw TestBedError("no address: \(location)") }
            trail.append(location)
            host = url.host ?? host
            let query = url.percentEncodedQuery.map { "?\($0)" } ?? ""
            answer = try await send(
                "GET",
                (url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath) + query,
                at: host
            )
        }
        throw TestBedError("it goes round in a circle: \(trail)")
    }

    package static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
