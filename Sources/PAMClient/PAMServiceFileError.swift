/// Why a service's stack could not be read.
public enum PAMServiceFileError: Error, Hashable, Sendable {
    /// The name cannot be a file below a directory of services.
    case invalidService(String)
    /// No directory has a file for the service; `searched` are the paths that were tried.
    case missing(service: String, searched: [String])
    /// A line includes a file that is not there.
    case missingInclude(name: String, file: String, line: Int)
    /// A file is there and cannot be read.
    case unreadable(path: String, reason: String)
    /// The includes are nested deeper than libpam follows them.
    case tooDeep(path: String)
}

extension PAMServiceFileError: CustomStringConvertible {
    /// What is wrong, with the file it is wrong in.
    public var description: String {
        switch self {
        case .invalidService(let service): PAMError.invalidService(service).description
        case .missing(let service, let searched):
            "PAM service '\(service)' has no file (looked for \(searched.joined(separator: ", ")))"
        case .missingInclude(let name, let file, let line):
            "\(file):\(line): the included PAM service '\(name)' has no file"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .tooDeep(let path): "\(path): PAM includes are nested more than \(PAMServiceReader.maximumLevel) deep"
        }
    }
}
