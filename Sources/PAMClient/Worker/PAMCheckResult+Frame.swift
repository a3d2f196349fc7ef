extension PAMFrameWriter {
    mutating func write(_ message: PAMMessage) {
        write(message.kind.rawValue)
        write(message.text)
    }

    mutating func write(_ prompt: PAMPrompt) {
        write(prompt.echo)
        write(prompt.text)
    }

    mutating func write(_ person: PAMPerson) {
        switch person {
        case .notAsked: write(0 as UInt8)
        case .unknown: write(1 as UInt8)
        case .known(let name, let uid):
            write(2 as UInt8)
            write(name)
            write(uid)
        case .unavailable(let code):
            write(3 as UInt8)
            write(code)
        }
    }

    mutating func write(_ result: PAMCheckResult) {
        for status in [result.authentication, result.account] {
            write(optional: status?.rawValue) { $0.write($1) }
        }
        write(optional: result.user) { $0.write($1) }
        write(list: result.messages) { $0.write($1) }
        // A delay is a number of microseconds that fits 32 bits: libpam's `unsigned int`.
        let (seconds, attoseconds) = result.wantedDelay.components
        write(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
        write(result.askedPassword)
        write(optional: result.interruption) { writer, interruption in
            switch interruption {
            case .aborted: writer.write(0 as UInt8)
            case .malformed: writer.write(1 as UInt8)
            case .unsupportedStyle(let style):
                writer.write(2 as UInt8)
                writer.write(style)
            }
        }
    }
}

extension PAMFrameReader {
    mutating func messages() throws(Malformed) -> [PAMMessage] {
        try list { (reader) throws(Malformed) in
            guard let kind = PAMMessage.Kind(rawValue: try reader.byte()) else { throw Malformed() }
            return PAMMessage(kind: kind, text: try reader.text())
        }
    }

    mutating func prompts() throws(Malformed) -> [PAMPrompt] {
        try list { (reader) throws(Malformed) in PAMPrompt(echo: try reader.flag(), text: try reader.text()) }
    }

    mutating func person() throws(Malformed) -> PAMPerson {
        switch try byte() {
        case 0: .notAsked
        case 1: .unknown
        case 2: .known(name: try text(), uid: try number())
        case 3: .unavailable(try signed())
        default: throw Malformed()
        }
    }

    mutating func optionalStatus() throws(Malformed) -> PAMStatus? {
        try optional { (reader) throws(Malformed) in PAMStatus(rawValue: try reader.signed()) }
    }

    mutating func result() throws(Malformed) -> PAMCheckResult {
        var result = PAMCheckResult()
        result.authentication = try optionalStatus()
        result.account = try optionalStatus()
        result.user = try optionalText()
        result.messages = try messages()
        result.wantedDelay = .microseconds(Int64(try number()))
        result.askedPassword = try flag()
        result.interruption = try optional { (reader) throws(Malformed) in
            switch try reader.byte() {
            case 0: .aborted
            case 1: .malformed
            case 2: .unsupportedStyle(try reader.signed())
            default: throw Malformed()
            }
        }
        return result
    }
}
