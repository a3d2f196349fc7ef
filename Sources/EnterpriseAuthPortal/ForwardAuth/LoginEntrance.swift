internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird

/// Where a browser without a session begins to log in for a protected host.
///
/// With a cookie for the whole domain that is the login page. Otherwise it is a path of the protected host itself, which
/// proxies hand to the portal: the host's own cookie is set from there.
struct LoginEntrance: Sendable {
    /// The path below which a protected host's requests belong to the portal.
    static let prefix = "/.ent-login/"

    let portal: WebOrigin
    let hasDomainCookie: Bool

    /// The scheme of protected hosts: the portal's own, so that nothing but a portal on loopback leads to `http`.
    var scheme: String { portal.scheme }

    /// The most bytes of a place that is led back to, once encoded: it is encoded again on the way, and proxies take no
    /// longer addresses.
    static let placeLimit = 3500

    /// The address for a request that needs a login; only what can be read again is led back to.
    func url(for request: ForwardedRequest) -> String {
        let isShort = PercentCoding.encoded(request.target).utf8.count <= Self.placeLimit
        let target = request.isRead && isShort ? request.target : "/"
        guard hasDomainCookie else {
            return "\(scheme)://\(request.authority)\(Self.prefix)start?rd=\(PercentCoding.encoded(target))"
        }
        let url = "\(scheme)://\(request.authority)\(target)"
        return "\(portal)/login?next=\(PercentCoding.encoded(url))"
    }
}
