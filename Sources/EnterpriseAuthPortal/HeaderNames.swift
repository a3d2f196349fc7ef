internal import EnterpriseAuthHummingbird
internal import HTTPTypes

extension HTTPField.Name {
    static let originalURL = known("X-Original-URL")
    static let originalMethod = known("X-Original-Method")
    static let forwardedMethod = known("X-Forwarded-Method")
    static let forwardedProto = known("X-Forwarded-Proto")
    static let forwardedHost = known("X-Forwarded-Host")
    static let forwardedUri = known("X-Forwarded-Uri")
    static let remoteUser = known("Remote-User")
    static let remoteGroups = known("Remote-Groups")
    static let remoteName = known("Remote-Name")
    static let remoteEmail = known("Remote-Email")

    static let referrerPolicy = known("Referrer-Policy")
    static let frameOptions = known("X-Frame-Options")
    static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
    static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
}
