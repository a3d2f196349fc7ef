internal import HostSystem
internal import Synchronization

/// The other end of a portal's local socket: asks one request after the other.
public final class LocalSocketClient: Sendable {
    /// The socket's path.
    public let path: String

    private let socket: FramedSocket
    private let isAsking = Mutex(false)

    private init(path: String, socket: FramedSocket) {
        (self.path, self.socket) = (path, socket)
    }

    /// Connects to a portal, if one is there.
    ///
    /// Passwords will go over this connection: whoever listens must be the owner of the socket, and of its folder unless
    /// that is root's, and nobody else may write in that folder.
    /// - Parameters:
    ///   - path: The socket's path.
    ///   - deadline: When to give up.
    /// - Returns: The connection; nil if nobody listens there, or not for this user.
    /// - Throws: ``LocalSocketError``: `.notTrusted`, `.noAnswer`.
    public static func connect(
        to path: String,
        deadline: ContinuousClock.Instant
    ) async throws(LocalSocketError) -> LocalSocketClient? {
        guard let address = SocketAddress(unixPath: path) else { return nil }
        let descriptor: OwnedDescriptor
        do throws(HostError) {
            descriptor = try await NonBlockingSocket.connect(to: address, deadline: deadline)
        } catch {
            if let code = error.code, absenceCodes.contains(code) { return nil }
            throw .noAnswer(path: path, detail: "\(error)")
        }
        try check(path, descriptor)
        return LocalSocketClient(
            path: path,
            socket: FramedSocket(
                adopting: descriptor,
                receiveLimit: LocalProtocol.answerLimit,
                sendLimit: LocalProtocol.requestLimit
            )
        )
    }

    /// ENOENT, EACCES, ENOTDIR, ECONNREFUSED (errno(3)): nobody, or nobody for us.
    private static let absenceCodes: Set<Int32> = [2, 13, 20, 111]

    private static func check(_ path: String, _ descriptor: OwnedDescriptor) throws(LocalSocketError) {
        let problem: String?
        do throws(HostError) {
            let peer = try PeerCredentials(of: descriptor.descriptor).userID
            let socket = try HostFile.facts(of: path, followLinks: false)
            let folder = try HostFile.facts(of: HostFile.folder(of: path))
            switch (socket.ownerID == peer, [0, peer].contains(folder.ownerID), folder.isWritableByOthers) {
            case (false, _, _): problem = "it belongs to user \(socket.ownerID), and user \(peer) listens there"
            case (_, false, _): problem = "its folder belongs to user \(folder.ownerID)"
            case (_, _, true): problem = "others may write in its folder"
            case (true, true, false): problem = nil
            }
        } catch {
            problem = "\(error)"
        }
        if let problem { throw .notTrusted(path: path, detail: problem) }
    }

    /// Asks, and waits for the whole answer: lists are put together again.
    /// - Parameters:
    ///   - request: The request.
    ///   - deadline: When to give up.
    /// - Returns: The answer.
    /// - Throws: ``LocalSocketError``: `.noAnswer`, `.badAnswer`.
    public func ask(
        _ request: LocalRequest,
        deadline: ContinuousClock.Instant
    ) async throws(LocalSocketError) -> LocalAnswer {
        var answer = try await exchange(request, deadline)
        while answer.more == true {
            let part = try await exchange(.more, deadline)
            guard part.outcome == .success else { return part }
            answer.append(part)
        }
        return answer
    }

    /// Ends the connection.
    public func close() {
        socket.close()
    }

    private func exchange(
        _ request: LocalRequest,
        _ deadline: ContinuousClock.Instant
    ) async throws(LocalSocketError) -> LocalAnswer {
        let isFirst = isAsking.withLock { isAsking in
            defer { isAsking = true }
            return !isAsking
        }
        precondition(isFirst, "one request can be under way")
        defer { isAsking.withLock { $0 = false } }
        let frame: SecretBytes?
        do throws(HostError) {
            do throws(HostError) {
                try await socket.send(request.frame, deadline: deadline)
            } catch  where error.reason == .closed {
                // Who is turned away is told why before the request has left.
            }
            frame = try await socket.receive(deadline: deadline)
        } catch {
            throw .noAnswer(path: path, detail: "\(error)")
        }
        guard let frame else { throw .noAnswer(path: path, detail: "it has closed the connection") }
        do throws(WireProblem) {
            return try LocalAnswer(frame)
        } catch {
            throw .badAnswer(path: path, detail: error.reason)
        }
    }
}
