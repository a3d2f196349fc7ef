internal import HostSystem

/// Puts the members of one JSON object together, and lays them out only once, in memory that is wiped.
struct WireWriter {
    private enum Part {
        case plain([UInt8])
        case secret(SecretBytes)
        case digits(SecretBytes)

        var count: Int {
            switch self {
            case .plain(let bytes): bytes.count
            case .secret(let secret): secret.count
            case .digits(let secret): secret.count * 2
            }
        }
    }

    private var parts: [Part] = []

    /// Begins an object of our version.
    init() {
        parts = [.plain(Array("{\"v\":\(LocalProtocol.version)".utf8))]
    }

    /// Begins with the members of an object that has at least one.
    /// - Parameter object: The object's text.
    init(continuing object: [UInt8]) {
        parts = [.plain(object.dropLast())]
    }

    mutating func add(_ key: String, text: String) {
        plain(",\"\(key)\":\(Self.quoted(text))")
    }

    mutating func add(_ key: String, texts: [String]) {
        plain(",\"\(key)\":[\(texts.map(Self.quoted).joined(separator: ","))]")
    }

    mutating func add(_ key: String, flag: Bool) {
        plain(",\"\(key)\":\(flag)")
    }

    /// Adds a secret: as text where it needs no escape, else as digits under `KEY_hex`.
    mutating func add(_ key: String, secret: SecretBytes) {
        let isPlain = Self.isPlain(secret)
        plain(",\"\(key)\(isPlain ? "" : "_hex")\":\"")
        parts.append(isPlain ? .secret(secret) : .digits(secret))
        plain("\"")
    }

    /// Adds secrets: as texts where none needs an escape, else as digits under `KEY_hex`.
    mutating func add(_ key: String, secrets: [SecretBytes]) {
        let arePlain = secrets.allSatisfy(Self.isPlain)
        plain(",\"\(key)\(arePlain ? "" : "_hex")\":[")
        for (index, secret) in secrets.enumerated() {
            plain(index == 0 ? "\"" : ",\"")
            parts.append(arePlain ? .secret(secret) : .digits(secret))
            plain("\"")
        }
        plain("]")
    }

    /// The object, whole.
    consuming func frame() -> SecretBytes {
        plain("}")
        let parts = parts
        return SecretBytes(capacity: parts.reduce(0) { $0 + $1.count }) { output in
            for part in parts {
                switch part {
                case .plain(let bytes):
                    for byte in bytes { output.append(byte) }
                case .secret(let secret):
                    for position in 0..<secret.count { output.append(secret[position]) }
                case .digits(let secret):
                    for position in 0..<secret.count {
                        let (high, low) = Hexadecimal.digits(of: secret[position])
                        output.append(high)
                        output.append(low)
                    }
                }
            }
        }
    }

    private mutating func plain(_ text: String) {
        parts.append(.plain(Array(text.utf8)))
    }

    private static func isPlain(_ secret: SecretBytes) -> Bool {
        (0..<secret.count).allSatisfy { position in
            let byte = secret[position]
            return 0x20..<0x7F ~= byte && byte != 0x22 && byte != 0x5C
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let (high, low) = Hexadecimal.digits(of: UInt8(scalar.value))
                result += "\\u00" + String(decoding: [high, low], as: UTF8.self)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
