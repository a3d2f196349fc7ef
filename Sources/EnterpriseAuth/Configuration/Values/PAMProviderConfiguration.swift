/// `[providers.NAME]` with `type = "pam"`: passwords are checked by a PAM stack.
public struct PAMProviderConfiguration: Sendable, Equatable {
    /// Where libpam runs.
    public enum Isolation: String, Sendable, CaseIterable {
        /// In worker processes, which can be killed at the deadline and may crash.
        case process
        /// On a thread of this process: for libraries whose modules are known to behave.
        case thread
    }

    /// The provider's name in the file.
    public var name: String
    /// The PAM service: the name of the stack's file.
    public var service: String
    /// A private directory of stacks instead of `/etc/pam.d`.
    public var confdir: String?
    /// The directory whose people this stack authenticates; nil means its people are local.
    public var directory: String?
    /// Where libpam runs.
    public var isolation: Isolation = .process
    /// How many transactions run at the same time; each has a worker of its own.
    public var workers = 4
    /// After how many transactions a worker is replaced, because modules leak.
    public var requestsPerWorker = 100
    /// The time for one transaction; nil means what is left of the login's deadline.
    public var timeout: Duration?
    /// `PAM_TTY`: several modules refuse to work without one.
    public var tty = "ent-login"

    /// Makes a provider with the default limits.
    /// - Parameters:
    ///   - name: The provider's name.
    ///   - service: The PAM service.
    public init(name: String, service: String) {
        self.name = name
        self.service = service
    }
}
