import HTTPTypes
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("What kind of answer a request wants")
struct WantedAnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let headers: HTTPFields
        /// What it wants for sure; nil if it has not said.
        let isPage: Bool?

        var testDescription: String { headers.map { "\($0.name): \($0.value)" }.joined(separator: ", ") }

        init(_ headers: HTTPFields, _ isPage: Bool?) {
            (self.headers, self.isPage) = (headers, isPage)
        }
    }

    @Test(
        "is what it says, and where it has not said, what who asks takes it for",
        arguments: [
            Case([.accept: "text/html,application/xhtml+xml,*/*;q=0.8"], true), Case([.accept: "TEXT/HTML"], true),
            Case([.accept: "application/json"], false), Case([.accept: "application/json, */*"], nil),
            Case([.accept: "*/*"], nil), Case([.accept: "text/*"], nil), Case([:], nil),
            Case([.secFetchMode: "navigate", .accept: "application/json"], true),
            Case([.secFetchMode: "cors", .accept: "text/html"], false), Case([.secFetchMode: "no-cors"], false),
            Case([.requestedWith: "XMLHttpRequest", .accept: "text/html"], false),
            Case([.requestedWith: "com.example.app", .accept: "text/html"], true),
        ]
    )
    func table(_ example: Case) {
        #expect(WantedAnswer(example.headers).isPage == (example.isPage ?? false))
        #expect(WantedAnswer(example.headers, unsaid: .page).isPage == (example.isPage ?? true))
    }
}
