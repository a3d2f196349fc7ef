internal import Glibc

/// A listening socket that the service manager has opened for this process (sd_listen_fds(3)).
public struct PassedSocket: Sendable, Hashable {
    /// The name that the manager gives it (`FileDescriptorName=`); empty if it says none.
    public let name: String
    /// The descriptor.
    public let descriptor: Int32

    /// The first descriptor that is passed on.
    private static let first: Int32 = 3

    /// Takes the sockets that were passed to this process; none where nobody passes any.
    ///
    /// From then on programs that this process starts do not get them. Their environment is empty anyway, so the variables
    /// need not be taken away.
    /// - Parameter variable: Reads a variable of the environment.
    /// - Returns: The sockets in their order.
    /// - Throws: ``HostError`` if one is none that takes stream connections.
    public static func takeAll(
        _ variable: (String) -> String? = HostEnvironment.text
    ) throws(HostError) -> [PassedSocket] {
        // What was meant for the process that started this one is not for us.
        guard let owner = variable("LISTEN_PID"), owner == String(getpid()) else { return [] }
        guard let text = variable("LISTEN_FDS"), let count = Int32(text), (0...64).contains(count) else {
            throw HostError(.invalid("it is no number of sockets"), call: "sd_listen_fds", subject: "LISTEN_FDS")
        }
        let names = (variable("LISTEN_FDNAMES") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        var sockets: [PassedSocket] = []
        for index in 0..<count {
            let descriptor = first + index
            let name = Int(index) < names.count ? String(names[Int(index)]) : ""
            let subject = "socket \(descriptor) “\(name)” of LISTEN_FDS"
            guard try option(SO_ACCEPTCONN, of: descriptor, subject) == 1,
                try option(SO_TYPE, of: descriptor, subject) == Int32(SOCK_STREAM.rawValue)
            else {
                let reason = "it takes no stream connections; write ListenStream= and Accept=no"
                throw HostError(.invalid(reason), call: "sd_listen_fds", subject: subject)
            }
            try systemCall("fcntl", subject) { fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            sockets.append(PassedSocket(name: name, descriptor: descriptor))
        }
        return sockets
    }

    private static func option(_ option: Int32, of descriptor: Int32, _ subject: String) throws(HostError) -> Int32 {
        var (value, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        try systemCall("getsockopt", subject) {
            unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &length)
        }
        return value
    }
}
