internal import EnterpriseAuth
internal import FoundationEssentials
internal import HostSystem

extension LocalAnswer {
    /// The answer as a message.
    /// - Returns: The message; nil if it would be longer than ``LocalProtocol/answerLimit``.
    /// - Throws: `EncodingError`, which no value of ours gives.
    func frame() throws -> SecretBytes? {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let object = try encoder.encode(self)
        var writer = WireWriter(continuing: Array("{\"v\":\(LocalProtocol.version),".utf8) + object.dropFirst())
        if let token { writer.add("token", secret: token.secretText) }
        if let rememberToken { writer.add("remember_token", secret: rememberToken.secretText) }
        let frame = writer.frame()
        return frame.count <= LocalProtocol.answerLimit ? frame : nil
    }

    /// Reads a message.
    /// - Parameter frame: The message.
    /// - Throws: ``WireProblem`` if it is no answer of this version.
    init(_ frame: SecretBytes) throws(WireProblem) {
        let object = try WireObject(frame)
        guard case .number(LocalProtocol.version) = object.values["v"] else {
            throw WireProblem("it speaks another version")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            self = try decoder.decode(LocalAnswer.self, from: Data(object.bytes(without: ["token", "remember_token"])))
        } catch {
            throw WireProblem("it is none of the answers")
        }
        token = try Self.secret("token", in: object) { SessionToken($0) }
        rememberToken = try Self.secret("remember_token", in: object) { RememberToken($0) }
    }

    private static func secret<Token>(
        _ key: String,
        in object: WireObject,
        _ read: (SecretBytes) -> Token?
    ) throws(WireProblem) -> Token? {
        guard let value = object.values[key] else { return nil }
        guard case .text(let text) = value, let token = read(text) else { throw WireProblem("its \(key) is none") }
        return token
    }

    /// Cuts a long answer: what fits one message, and what is left.
    /// - Parameter count: How many elements fit.
    /// - Returns: The first part, and the rest if there is one.
    func cut(after count: Int) -> (first: LocalAnswer, rest: LocalAnswer?) {
        let total = (sessions?.count ?? 0) + (remembered?.count ?? 0) + (entries?.count ?? 0)
        guard total > count else { return (self, nil) }
        var (first, rest, room) = (self, self, count)
        Self.cut(&first.sessions, &rest.sessions, &room)
        Self.cut(&first.remembered, &rest.remembered, &room)
        Self.cut(&first.entries, &rest.entries, &room)
        first.more = true
        return (first, rest)
    }

    private static func cut<Element>(_ first: inout [Element]?, _ rest: inout [Element]?, _ room: inout Int) {
        guard let all = first else { return }
        first = Array(all.prefix(room))
        rest = Array(all.dropFirst(room))
        room -= min(room, all.count)
    }

    /// Puts the next part of a list behind what is there.
    /// - Parameter part: The next part.
    mutating func append(_ part: LocalAnswer) {
        sessions = sessions.map { $0 + (part.sessions ?? []) }
        remembered = remembered.map { $0 + (part.remembered ?? []) }
        entries = entries.map { $0 + (part.entries ?? []) }
        more = part.more
    }
}
