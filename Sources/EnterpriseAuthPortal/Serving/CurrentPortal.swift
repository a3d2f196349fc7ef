internal import EnterpriseAuthHummingbird
internal import Hummingbird
internal import Synchronization

/// The portal that is served now, ready to answer.
final class CurrentPortal: Sendable {
    private struct State: Sendable {
        var portal: Portal
        var certificate: PortalCertificate?
        var pages: RouterResponder<BasicLoginRequestContext>
        var operations: RouterResponder<BasicLoginRequestContext>

        init(_ portal: Portal, _ certificate: PortalCertificate?) {
            (self.portal, self.certificate) = (portal, certificate)
            pages = portal.publicRouter().buildResponder()
            operations = portal.internalRouter().buildResponder()
        }
    }

    private let state: Mutex<State>

    init(_ portal: Portal, _ certificate: PortalCertificate?) {
        state = Mutex(State(portal, certificate))
    }

    var portal: Portal { state.withLock { $0.portal } }

    /// The certificate for connections that begin now.
    var certificate: PortalCertificate? { state.withLock { $0.certificate } }

    /// Who answers a request that comes now.
    func responder(isPublic: Bool) -> RouterResponder<BasicLoginRequestContext> {
        state.withLock { isPublic ? $0.pages : $0.operations }
    }

    func replace(with portal: Portal, _ certificate: PortalCertificate?) {
        let next = State(portal, certificate)
        state.withLock { $0 = next }
    }
}
