/// Whom to ask a PAM stack about, and what the stack may know of where the question comes from.
public struct PAMRequest: Hashable, Sendable {
    /// The most bytes that a user name may have.
    public static let maximumUserBytes = 256

    /// The service: the name of the stack's file.
    public var service: String

    /// A private directory that holds the stack's file, or nil for the system's directories.
    public var confdir: String?

    /// The user name as it was typed; modules may rewrite it.
    public var user: String

    /// The client's address as a literal (`PAM_RHOST`), or nil if the person sits at this host.
    public var remoteHost: String?

    /// The word that stands for the terminal (`PAM_TTY`); `pam_time`, `pam_access` and others refuse to work without.
    public var terminal: String

    /// The user who asks on behalf of the other (`PAM_RUSER`), or nil.
    public var requestingUser: String?

    /// Describes one question to a stack.
    /// - Parameters:
    ///   - service: The name of the stack's file.
    ///   - confdir: A private directory of stack files; nil for the system's.
    ///   - user: The user name as it was typed.
    ///   - remoteHost: The client's address; nil for a person at this host.
    ///   - terminal: The fixed word for the terminal.
    ///   - requestingUser: The user who asks for the other one.
    public init(
        service: String,
        confdir: String? = nil,
        user: String,
        remoteHost: String? = nil,
        terminal: String = "ent-login",
        requestingUser: String? = nil
    ) {
        self.service = service
        self.confdir = confdir
        self.user = user
        self.remoteHost = remoteHost
        self.terminal = terminal
        self.requestingUser = requestingUser
    }

    /// Refuses what would reach C as something else than it is here: a NUL ends a C string early.
    func validate() throws(PAMError) {
        guard Self.isValidService(service) else { throw .invalidService(service) }
        guard Self.isValidUser(user) else { throw .invalidUser }
        let items = [
            ("confdir", confdir), ("PAM_RHOST", remoteHost), ("PAM_TTY", terminal), ("PAM_RUSER", requestingUser),
        ]
        for (name, value) in items {
            guard let value else { continue }
            guard !value.utf8.contains(0), value.utf8.count <= 1024 else { throw .invalidItem(name) }
        }
    }

    /// Says whether a name can be a service: one file name, lower case as libpam makes it (pam_start(3)).
    /// - Parameter service: The name to look at.
    /// - Returns: False for an empty name, a path, upper case, white space or control characters.
    public static func isValidService(_ service: String) -> Bool {
        guard !service.isEmpty, service.utf8.count <= 255, service != ".", service != ".." else { return false }
        return service.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && !(0x41...0x5A).contains(byte)
        }
    }

    /// Says whether a name may be shown to a stack at all.
    ///
    /// Control characters never occur in account names and would forge log lines; modules that keep one file per
    /// person put the name into a path, so `/`, `.` and `..` are refused too.
    ///
    /// - Parameter user: The name as it was typed.
    /// - Returns: False if no account can have that name.
    public static func isValidUser(_ user: String) -> Bool {
        guard !user.isEmpty, user.utf8.count <= maximumUserBytes, user != ".", user != ".." else { return false }
        return user.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control && scalar != "/"
        }
    }
}
