/// A small bag of texts that belongs to a session: flash messages, where to go next.
///
/// It stays on the server. At most `maximumBytes` bytes, keys and values counted together, because it is kept in memory
/// for every session.
public struct SessionData: Sendable, Hashable, Codable {
    /// The most bytes of UTF-8 that keys and values may have together.
    public static let maximumBytes = 4096

    /// The texts by key.
    public private(set) var values: [String: String] = [:]

    /// Makes an empty bag.
    public init() {}

    /// Whether there is nothing in it.
    public var isEmpty: Bool { values.isEmpty }

    /// The bytes in use.
    public var byteCount: Int {
        values.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    /// The text under a key.
    /// - Parameter key: The key.
    public subscript(key: String) -> String? { values[key] }

    /// Puts a text under a key, or takes it away.
    /// - Parameters:
    ///   - value: The text; nil takes the key away.
    ///   - key: The key.
    /// - Throws: `SessionDataProblem.tooLarge`; then nothing has changed.
    public mutating func set(_ value: String?, for key: String) throws(SessionDataProblem) {
        var changed = self
        changed.values[key] = value
        guard changed.byteCount <= Self.maximumBytes else { throw .tooLarge }
        self = changed
    }

    /// Takes a text out: what a flash message wants.
    /// - Parameter key: The key.
    /// - Returns: The text that was there.
    public mutating func take(_ key: String) -> String? {
        values.removeValue(forKey: key)
    }

    /// Reads what `encode(to:)` wrote.
    /// - Parameter decoder: Holds an object of texts.
    /// - Throws: `DecodingError` for anything else, or for too much of it.
    public init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: String].self)
        guard byteCount <= Self.maximumBytes else { throw SessionDataProblem.tooLarge }
    }

    /// Writes one object of texts.
    /// - Parameter encoder: Takes the object.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }
}
