internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PortalPages

/// Turns pages into answers, with the headers that keep them from being misused.
struct PageAnswers: Sendable {
    let renderer: PageRenderer
    let phraseBook: PhraseBook
    let assets: PortalAssets

    /// The language that a request asks for.
    func phrases(_ head: HTTPRequest) -> Phrases {
        phraseBook.phrases(accepting: head.headerFields[.acceptLanguage])
    }

    /// A page as an answer.
    /// - Parameters:
    ///   - page: The content.
    ///   - status: The status.
    ///   - phrases: The language.
    ///   - person: Who is logged in.
    ///   - notices: What has just happened.
    ///   - formTargets: The other origins to which a form of the page may lead in the end.
    /// - Returns: The answer.
    func answer(
        _ page: some Page,
        status: HTTPResponse.Status = .ok,
        phrases: Phrases,
        person: String? = nil,
        notices: [Notice] = [],
        formTargets: [String] = []
    ) -> Response {
        let frame = PageFrame(
            phrases: phrases,
            style: assets.stylePath,
            icon: assets.iconPath,
            person: person,
            notices: notices
        )
        var headers = Self.headers
        headers[.contentSecurityPolicy] = policy(formTargets)
        headers[.contentLanguage] = phrases.language
        let html = renderer.render(page, in: frame)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// What every page carries (OWASP ASVS 3.4.1 to 3.4.8, 14.3.2).
    ///
    /// With `no-referrer` browsers would send our own forms with `Origin: null` (Fetch, section 3.2).
    private static let headers: HTTPFields = [
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .vary: "Accept-Language, Cookie",
        .xContentTypeOptions: "nosniff", .referrerPolicy: "same-origin", .frameOptions: "DENY",
        .crossOriginOpenerPolicy: "same-origin", .crossOriginResourcePolicy: "same-origin",
    ]

    /// Browsers hold `form-action` against the redirects that follow a form too, so where a login may lead must be in it.
    private func policy(_ formTargets: [String]) -> String {
        let targets = (["'self'"] + formTargets).joined(separator: " ")
        return "default-src 'none'; style-src 'self'; img-src 'self'; form-action \(targets); frame-ancestors 'none'; "
            + "base-uri 'none'"
    }
}
