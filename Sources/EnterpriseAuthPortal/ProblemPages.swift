internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PortalPages

/// Answers that say that something is not possible: a page for people, one line for programs.
struct ProblemPages: Sendable {
    /// In how many seconds it is worth coming back where nobody could say (RFC 9110, section 10.2.3).
    static let retryAfter = "5"

    let pages: PageAnswers

    /// A line of plain text.
    func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        let headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n"))
        )
    }

    /// Somebody who is known may not see the page.
    func forbidden(_ head: HTTPRequest, person: DirectoryUser?, plainly: Bool) -> Response {
        guard !plainly, WantedAnswer(head.headerFields).isPage else {
            return plain(.forbidden, "You may not see this page.")
        }
        let phrases = pages.phrases(head)
        let name = person?.displayName ?? person?.loginName
        let text = name.map { phrases.text("forbidden_text", ["name": $0]) } ?? phrases.text("bad_request_text")
        var page = MessagePage(title: "forbidden_title", text: text)
        page.advice = person == nil ? nil : phrases.text("forbidden_advice")
        return pages.answer(page, status: .forbidden, phrases: phrases)
    }

    /// Something went out of step that another try puts right.
    func tryAgain(_ head: HTTPRequest, target: String) -> Response {
        let phrases = pages.phrases(head)
        var page = MessagePage(title: "bad_request_title", text: phrases.text("forged"))
        page.link = (target, "back")
        return pages.answer(page, status: .badRequest, phrases: phrases)
    }

    /// Nobody can say who it is.
    func unavailable(_ head: HTTPRequest, plainly: Bool) -> Response {
        var response: Response
        if plainly || !WantedAnswer(head.headerFields).isPage {
            response = plain(.serviceUnavailable, Outage.publicText)
        } else {
            let phrases = pages.phrases(head)
            let page = MessagePage(title: "unavailable_title", text: phrases.text("unavailable_text"))
            response = pages.answer(page, status: .serviceUnavailable, phrases: phrases)
        }
        response.headers[.retryAfter] = Self.retryAfter
        return response
    }
}
