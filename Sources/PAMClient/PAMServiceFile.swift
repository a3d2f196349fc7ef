internal import HostSystem

/// A PAM service as it stands in the file system: which modules libpam would ask, includes followed.
///
/// libpam itself gives no way to ask. A service without a file silently becomes the service `other`, and a stack with
/// `pam_unix` answers an unprivileged process with an outage for a right password and a no for a wrong one; both must
/// be found before the first login. The format is that of pam.conf(5).
public struct PAMServiceFile: Hashable, Sendable {
    /// Which question a module takes part in.
    public enum Facility: String, Hashable, Sendable, CaseIterable {
        /// Is the password right?
        case auth
        /// May the account be used now?
        case account
        /// A change of password.
        case password
        /// What happens around a login session.
        case session
    }

    /// One module of the stack.
    public struct Module: Hashable, Sendable {
        /// Which question it takes part in.
        public let facility: Facility
        /// The module's file without directory and `.so`, such as `pam_unix`.
        public let name: String
        /// The module as the line names it: an absolute path, or one below libpam's directory of modules.
        public let path: String
        /// The file whose line names it.
        public let file: String
        /// The number of that line, counted from 1.
        public let line: Int
    }

    /// The name of the service.
    public let service: String

    /// The service's own file.
    public let path: String

    /// Every file that was read, the service's own included.
    public let files: [String]

    /// The modules in the order in which libpam meets them.
    public let modules: [Module]

    /// Where libpam looks for services, in this order.
    public static let systemDirectories = ["/etc/pam.d", "/usr/lib/pam.d"]

    /// Reads a service's file and those that it includes.
    /// - Parameters:
    ///   - service: The name of the service.
    ///   - confdir: A private directory, looked into instead of the system's.
    /// - Throws: ``PAMServiceFileError`` if a file is missing or cannot be read, or if the includes have no end.
    public init(service: String, confdir: String? = nil) throws(PAMServiceFileError) {
        guard PAMRequest.isValidService(service) else { throw .invalidService(service) }
        var reader = PAMServiceReader(directories: confdir.map { [$0] } ?? Self.systemDirectories)
        path = try reader.read(service, as: nil, from: nil, level: 0)
        self.service = service
        modules = reader.modules
        files = reader.files
    }

    /// Says where libpam finds a service.
    /// - Parameters:
    ///   - service: The name of the service.
    ///   - confdir: A private directory, looked into instead of the system's.
    /// - Returns: The path of its file; nil if there is none, or none that this process may look at.
    public static func path(of service: String, confdir: String? = nil) -> String? {
        let directories = confdir.map { [$0] } ?? systemDirectories
        return directories.lazy.map { "\($0)/\(service)" }.first { (try? HostFile.exists($0)) == true }
    }

    /// Says whether a module takes part.
    /// - Parameters:
    ///   - name: The module without `.so`, such as `pam_unix`.
    ///   - facilities: The questions that matter; those of a password check by default.
    /// - Returns: The first line that names it, or nil if none does.
    public func firstUse(of name: String, in facilities: Set<Facility> = [.auth, .account]) -> Module? {
        modules.first { $0.name == name && facilities.contains($0.facility) }
    }

    /// Says which of the questions of a password check the service has no line for.
    ///
    /// libpam would ask the service `other` instead.
    public var missingFacilities: [Facility] {
        [.auth, .account].filter { facility in !modules.contains { $0.facility == facility } }
    }
}
