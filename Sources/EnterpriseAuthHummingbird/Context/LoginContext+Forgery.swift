internal import EnterpriseAuth
internal import HTTPTypes
internal import HostCrypto
internal import Synchronization

extension LoginContext {
    private static let nonceLength = 16

    /// A token for the forms of the page, which `CSRFProtection` asks for; a new text at every call.
    ///
    /// It belongs to the session and is good as long as that lives, or as long as the login is remembered from which it
    /// came; before the login it belongs to the visitor's cookie, which is made for it. Put it into a hidden field of every
    /// form, and into no address.
    /// - Returns: The token: letters, digits, `-` and `_`.
    /// - Throws: `LoginUnavailable` if nobody can say whose page it is.
    public func csrfToken() async throws -> String {
        let web = try web
        let owner = try await tokenOwner(web, makingOne: true) ?? ""
        state.withLock { $0.isPersonal = true }
        // A new text each time, so that its bytes cannot be guessed from the lengths of compressed pages (CVE-2013-3587).
        let nonce = RandomBytes.bytes(Self.nonceLength)
        return Base64URL.encode(nonce + web.keys.forgery.code(for: nonce + Array(owner.utf8)).bytes)
    }

    /// Whether a token was made for the session or visitor that the request comes with.
    func isOwnToken(_ text: String) async throws -> Bool {
        let web = try web
        guard let bytes = Base64URL.decode(text), bytes.count > Self.nonceLength,
            let owner = try await tokenOwner(web, makingOne: false)
        else { return false }
        let nonce = Array(bytes[..<Self.nonceLength])
        return web.keys.forgery.isValid(Array(bytes[Self.nonceLength...]), for: nonce + Array(owner.utf8))
    }

    /// Records a request that did not show that it comes from one of our pages.
    func report(_ reason: RequestForgery.Reason) throws {
        let detail = "\(head.method.rawValue) \(RequestTarget(head).path.prefix(256))"
        try web.manager.report(.refusedForgery, reason: reason.rawValue, detail: detail, client: client)
    }

    private func tokenOwner(_ web: WebLogin, makingOne isMaking: Bool) async throws -> String? {
        // A form that was open while the session ran out is sent to the next one of the same remembered login.
        if let session = try await session()?.session { return "session \(session.series ?? session.id)" }
        return state.withLock { state in
            var visitor = visitor(of: &state, web)
            if isMaking {
                var owner = visitor ?? Visitor()
                let half = Timestamp(milliseconds: web.clock.nowMilliseconds).adding(web.settings.visitorLifetime / 2)
                if !owner.hasToken || owner.expiresAt < half.milliseconds {
                    owner.hasToken = true
                    keep(owner, &state)
                }
                visitor = owner
            }
            return visitor.map { "visitor \($0.id)" }
        }
    }
}
