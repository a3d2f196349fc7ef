internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// Who one is, for programs of the portal's own origin.
struct PersonRoutes: Sendable {
    private struct Person: Encodable {
        var outcome: String
        var userID: String?
        var loginName: String?
        var displayName: String?
        var email: String?
        var groups: [String]?
        var expiresAt: String?
        var isFresh: Bool?

        enum CodingKeys: String, CodingKey {
            case outcome, email, groups
            case userID = "user_id"
            case loginName = "login_name"
            case displayName = "display_name"
            case expiresAt = "expires_at"
            case isFresh = "is_fresh"
        }
    }

    let door: PortalDoor

    func add(to router: some RouterMethods<BasicLoginRequestContext>) {
        router.get("/api/me") { _, context in
            guard let session = try await door.session(context.login) else {
                return Self.answer(Person(outcome: "anonymous"), status: .unauthorized)
            }
            let user = session.directoryUser
            return Self.answer(
                Person(
                    outcome: "success",
                    userID: session.userID.rawValue,
                    loginName: user.loginName,
                    displayName: user.displayName,
                    email: user.email,
                    groups: user.groups,
                    expiresAt: "\(session.expiresAt)",
                    isFresh: session.isFresh
                )
            )
        }
    }

    private static func answer(_ person: Person, status: HTTPResponse.Status = .ok) -> Response {
        var headers: HTTPFields = [
            .contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Cookie realm=\"login\"" }
        let json = (try? JSONEncoder().encode(person)) ?? Data("{}".utf8)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }
}
