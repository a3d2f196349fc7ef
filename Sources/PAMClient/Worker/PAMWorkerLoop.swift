internal import Glibc
internal import HostSystem

/// Serves one owner: one transaction after the other, until the owner is gone.
struct PAMWorkerLoop {
    let socket: FramedSocket

    /// Returns when the other end is gone or has broken the protocol.
    func run() {
        while let frame = receive(), let request = try? PAMWorkerRequest(frame: frame) {
            let reply: PAMWorkerReply
            switch request {
            case .ping: reply = .pong(effectiveUser: geteuid(), process: getpid())
            case .password(let request, let password, let localPeople):
                reply = check(request, password: password, localPeople: localPeople)
            case .account(let request, let localPeople):
                reply = lookAt(request, localPeople: localPeople)
            case .answers: return
            }
            guard send(reply) else { return }
        }
    }

    private func receive() -> SecretBytes? {
        try? socket.receiveBlocking()
    }

    private func send(_ reply: PAMWorkerReply) -> Bool {
        (try? socket.sendBlocking(reply.frame())) != nil
    }

    private func check(_ request: PAMRequest, password: SecretBytes, localPeople: Bool) -> PAMWorkerReply {
        let typed = localPeople ? PAMPerson.lookUp(request.user) : .notAsked
        let isStranger = typed == .unknown
        do throws(PAMError) {
            let result = try PAMCheck.password(
                request,
                password: isStranger ? Self.junk(as: password) : password
            ) { messages, prompts in
                // A stranger has no second factor; and the next provider, who may know the name, must get its turn.
                isStranger ? nil : ask(messages, prompts)
            }
            let final = person(result.user, typed: typed, typedName: request.user)
            return .finished(result, typed: typed, final: final)
        } catch {
            return Self.failure(error)
        }
    }

    private func lookAt(_ request: PAMRequest, localPeople: Bool) -> PAMWorkerReply {
        let typed = localPeople ? PAMPerson.lookUp(request.user) : .notAsked
        // Who is gone has no account to be asked about.
        if typed == .unknown { return .finished(PAMCheckResult(), typed: typed, final: typed) }
        do throws(PAMError) {
            let result = try PAMCheck.account(request)
            return .finished(result, typed: typed, final: person(result.user, typed: typed, typedName: request.user))
        } catch {
            return Self.failure(error)
        }
    }

    /// Sends prompts to the owner and waits for the answers, however long they take: the owner ends the wait.
    private func ask(_ messages: [PAMMessage], _ prompts: [PAMPrompt]) -> [SecretBytes]? {
        guard send(.prompts(messages, prompts)),
            let frame = receive(),
            case .answers(let answers) = try? PAMWorkerRequest(frame: frame)
        else {
            // Nobody is left to hear the outcome, and the next message could not be told from an answer.
            socket.close()
            return nil
        }
        return answers
    }

    /// What the database says of the name that the stack ended with.
    private func person(_ user: String?, typed: PAMPerson, typedName: String) -> PAMPerson {
        guard typed != .notAsked else { return .notAsked }
        guard let user else { return .unknown }
        // Byte by byte: to Swift two spellings of one character are equal, to the database they are not.
        return user.utf8.elementsEqual(typedName.utf8) ? typed : .lookUp(user)
    }

    /// A wrong password of the same length, with bytes that nobody types.
    private static func junk(as password: SecretBytes) -> SecretBytes {
        SecretBytes((0..<password.count).map { [8, 10, 13, 127][$0 % 4] })
    }

    private static func failure(_ error: PAMError) -> PAMWorkerReply {
        switch error {
        case .startFailed(let status, _), .itemRefused(let status, _):
            .failed(error.description, status: status)
        case .invalidService, .invalidUser, .invalidItem, .invalidAnswer:
            .failed(error.description, status: nil)
        }
    }
}
