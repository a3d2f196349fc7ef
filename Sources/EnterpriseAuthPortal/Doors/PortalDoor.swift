internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PortalPages

/// What the routes of the portal share.
struct PortalDoor: Sendable {
    /// The paths of the portal's own pages.
    enum Path {
        static let login = "/login"
        static let relogin = "/relogin"
        static let logout = "/logout"
        static let account = "/"
        static let sessions = "/sessions"
    }

    /// The name of the hidden field with the proof that a form is ours.
    static let proofField = "csrf"
    /// The longest form that is read.
    static let maximumFormBytes = 65_536

    let manager: LoginManager
    let pages: PageAnswers
    let canRemember: Bool
    /// How protected hosts are reached: `http` only from a portal on loopback.
    let scheme: String

    /// The notices that were left for this page, as the person's language says them.
    func notices(_ login: LoginContext) async throws -> [Notice] {
        try await login.takeFlash().map { Notice(Notice.Kind(rawValue: $0.category) ?? .info, $0.text) }
    }

    /// The form of a request.
    func form(_ request: inout Request) async throws -> ByteBufferView {
        try await request.collectBody(upTo: Self.maximumFormBytes).readableBytesView
    }

    /// The portal's own session; one that hangs on another is none here.
    func session(_ login: LoginContext) async throws -> ResolvedSession? {
        guard let session = try await login.session(), session.session.parent == nil else { return nil }
        return session
    }

    /// How a person is called.
    func name(_ user: DirectoryUser) -> String { user.displayName ?? user.loginName }

    /// The origins to which a form may lead that has a place to go to in the end.
    func formTargets(_ next: NextTarget?) -> [String] {
        guard let text = next?.text else { return [] }
        if let end = text.firstRange(of: "://") {
            let authority = text[end.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            return ["\(text[..<end.lowerBound])://\(authority)"]
        }
        guard text.hasPrefix(HostDoor.portalPath + "?"),
            let authority = FormFields.value(of: "host", in: text.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()),
            AccessRequest(method: "GET", host: authority, target: "/", address: nil) != nil
        else { return [] }
        return ["\(scheme)://\(authority)"]
    }
}
