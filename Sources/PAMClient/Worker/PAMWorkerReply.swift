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
            PAMFrameWriter.frame(Kind.pong) { writer in
                writer.write(effectiveUser)
                writer.write(process)
            }
        case .prompts(let messages, let prompts):
            PAMFrameWriter.frame(Kind.prompts) { writer in
                writer.write(list: messages) { $0.write($1) }
                writer.write(list: prompts) { $0.write($1) }
            }
        case .finished(let result, let typed, let final):
            PAMFrameWriter.frame(Kind.finished) { writer in
                writer.write(result)
                writer.write(typed)
                writer.write(final)
            }
        case .failed(let text, let status):
            PAMFrameWriter.frame(Kind.failed) { writer in
                writer.write(text)
                writer.write(optional: status?.rawValue) { $0.write($1) }
            }
        }
    }

    /// Reads a frame.
    /// - Parameter frame: The frame as it was received.
    /// - Throws: ``PAMWorkerProtocolError`` if it is no message of this kind and version.
    package init(frame: SecretBytes) throws(PAMWorkerProtocolError) {
        self = try PAMFrameReader.message(in: frame) { reader throws(PAMFrameReader.Malformed) in
            switch reader.kind {
            case Kind.pong: .pong(effectiveUser: try reader.number(), process: try reader.signed())
            case Kind.prompts: .prompts(try reader.messages(), try reader.prompts())
            case Kind.finished:
                .finished(try reader.result(), typed: try reader.person(), final: try reader.person())
            case Kind.failed: .failed(try reader.text(), status: try reader.optionalStatus())
            default: throw PAMFrameReader.Malformed()
            }
        }
    }
}
