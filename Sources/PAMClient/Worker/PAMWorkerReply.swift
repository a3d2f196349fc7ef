package import HostSystem

/// What a worker tells its owner.
package enum PAMWorkerReply: Sendable, Equatable {
    /// It is there; the numbers are its effective user and its process.
    case pong(effectiveUser: UInt32, process: Int32)

    /// The stack asks something more; the worker waits for `PAMWorkerRequest.answers`.
    case prompts([PAMMessage], [PAMPrompt])

    /// The transaction is over.
    ///
    /// `typed` is what the user database says of the name as it was typed, `final` of the one the stack ended with.
    case finished(PAMCheckResult, typed: PAMPerson, final: PAMPerson)

    /// The transaction could not be begun; the text is for the operator.
    case failed(String, status: PAMStatus?)

    private enum Kind {
        static let pong: UInt8 = 65
        static let prompts: UInt8 = 66
        static let finished: UInt8 = 67
        static let failed: UInt8 = 68
    }

    /// The message as a frame.
    package func frame() -> SecretBytes {
        switch self {
        case .pong(let effectiveUser, let process):
            var writer = PAMFrameWriter(kind: Kind.pong)
            writer.write(effectiveUser)
            writer.write(process)
            return writer.frame()
        case .prompts(let messages, let prompts):
            var writer = PAMFrameWriter(kind: Kind.prompts)
            writer.write(list: messages) { $0.write($1) }
            writer.write(list: prompts) { $0.write($1) }
            return writer.frame()
        case .finished(let result, let typed, let final):
            var writer = PAMFrameWriter(kind: Kind.finished)
            writer.write(result)
            writer.write(typed)
            writer.write(final)
            return writer.frame()
        case .failed(let text, let status):
            var writer = PAMFrameWriter(kind: Kind.failed)
            writer.write(text)
            writer.write(optional: status?.rawValue) { $0.write($1) }
            return writer.frame()
        }
    }

    /// Reads a frame.
    /// - Parameter frame: The frame as it was received.
    /// - Throws: ``PAMWorkerProtocolError`` if it is no message of this kind and version.
    package init(frame: SecretBytes) throws(PAMWorkerProtocolError) {
        do throws(PAMFrameReader.Malformed) {
            self = try Self.read(frame)
        } catch {
            throw PAMWorkerProtocolError()
        }
    }

    private static func read(_ frame: SecretBytes) throws(PAMFrameReader.Malformed) -> Self {
        var reader = try PAMFrameReader(frame)
        let message: Self
        switch reader.kind {
        case Kind.pong: message = .pong(effectiveUser: try reader.number(), process: try reader.signed())
        case Kind.prompts: message = .prompts(try reader.messages(), try reader.prompts())
        case Kind.finished:
            message = .finished(try reader.result(), typed: try reader.person(), final: try reader.person())
        case Kind.failed: message = .failed(try reader.text(), status: try reader.optionalStatus())
        default: throw PAMFrameReader.Malformed()
        }
        try reader.finish()
        return message
    }
}
