internal import EnterpriseAuth
internal import HostSystem

/// Takes the members of a request one by one, and sees that none is left that nobody asked for.
struct WireFields {
    private var values: [String: WireObject.Value]

    init(_ object: WireObject) {
        values = object.values
    }

    private mutating func take(_ key: String) -> WireObject.Value? {
        let value = values.removeValue(forKey: key)
        if case .null = value { return nil }
        return value
    }

    mutating func text(_ key: String) throws(WireProblem) -> String? {
        guard let value = take(key) else { return nil }
        guard case .text(let bytes) = value, let text = bytes.text else { throw WireProblem("\(key) must be a text") }
        return text
    }

    mutating func texts(_ key: String) throws(WireProblem) -> [String]? {
        guard let value = take(key) else { return nil }
        guard case .texts(let list) = value else { throw WireProblem("\(key) must be a list of texts") }
        let texts = list.compactMap(\.text)
        guard texts.count == list.count else { throw WireProblem("\(key) must be a list of texts") }
        return texts
    }

    mutating func flag(_ key: String) throws(WireProblem) -> Bool {
        guard let value = take(key) else { return false }
        guard case .flag(let flag) = value else { throw WireProblem("\(key) must be true or false") }
        return flag
    }

    mutating func number(_ key: String) throws(WireProblem) -> Int? {
        guard let value = take(key) else { return nil }
        guard case .number(let number) = value else { throw WireProblem("\(key) must be a number") }
        return number
    }

    /// A secret, as text under `key` or as digits under `key_hex`.
    mutating func secret(_ key: String) throws(WireProblem) -> SecretBytes? {
        let (plain, digits) = (take(key), take(key + "_hex"))
        switch (plain, digits) {
        case (nil, nil): return nil
        case (.text(let secret), nil): return secret
        case (nil, .text(let digits)): return try Hexadecimal.decode(digits)
        default: throw WireProblem("\(key) must be a text, or \(key)_hex digits")
        }
    }

    /// Secrets, as texts under `key` or as digits under `key_hex`.
    mutating func secrets(_ key: String) throws(WireProblem) -> [SecretBytes]? {
        let (plain, digits) = (take(key), take(key + "_hex"))
        switch (plain, digits) {
        case (nil, nil): return nil
        case (.texts(let secrets), nil): return secrets
        case (nil, .texts(let list)):
            var secrets: [SecretBytes] = []
            for digits in list { secrets.append(try Hexadecimal.decode(digits)) }
            return secrets
        default: throw WireProblem("\(key) must be a list of texts, or \(key)_hex one of digits")
        }
    }

    mutating func token(_ key: String) throws(WireProblem) -> SessionToken? {
        guard let text = try secret(key) else { return nil }
        guard let token = SessionToken(text) else { throw WireProblem("\(key) is no session token") }
        return token
    }

    /// Refuses what nobody has asked for.
    func finish() throws(WireProblem) {
        guard values.isEmpty else { throw WireProblem("a key is unknown here") }
    }
}
