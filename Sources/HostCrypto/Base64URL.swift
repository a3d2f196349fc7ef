public import HostSystem

/// Bytes as text that can stand in a URL, a cookie or a file name: base64url without padding (RFC 4648 section 5).
///
/// Reading is strict: one text stands for each sequence of bytes, so padding, white space, characters of the other
/// alphabet and left-over bits are refused.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// For each byte the value it stands for, 0xff for none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Writes bytes as text.
    /// - Parameter bytes: Any bytes.
    /// - Returns: The text.
    public static func encode(_ bytes: [UInt8]) -> String {
        unsafe bytes.withUnsafeBytes { unsafe encode(raw: $0) }
    }

    /// Writes a secret as text, which the caller must then guard as the secret itself.
    /// - Parameter secret: Any bytes.
    /// - Returns: The text.
    public static func encode(_ secret: SecretBytes) -> String {
        unsafe secret.withUnsafeBytes { unsafe encode(raw: $0) }
    }

    /// Writes a secret as a text that is wiped like the secret itself.
    /// - Parameter secret: Any bytes.
    /// - Returns: The characters of the text.
    public static func encodeSecretly(_ secret: SecretBytes) -> SecretBytes {
        unsafe secret.withUnsafeBytes { bytes in
            unsafe SecretBytes(capacity: length(bytes.count)) { output in
                unsafe encode(bytes, into: output)
                return output.count
            }
        }
    }

    /// Reads a text.
    /// - Parameter text: What `encode` writes.
    /// - Returns: The bytes, or nil if it is not the one proper text for them.
    public static func decode(_ text: String) -> [UInt8]? {
        guard let count = byteCount(text.utf8.count) else { return nil }
        var text = text
        var bytes = [UInt8](repeating: 0, count: count)
        let isProper = text.withUTF8 { characters in
            unsafe bytes.withUnsafeMutableBytes { unsafe decode(characters, into: $0) }
        }
        return isProper ? bytes : nil
    }

    /// Reads a text that stands for a secret.
    /// - Parameter text: What `encode` writes.
    /// - Returns: The secret, or nil if it is not the one proper text for it.
    public static func decodeSecret(_ text: String) -> SecretBytes? {
        var text = text
        return text.withUTF8 { unsafe decodeSecret(characters: $0) }
    }

    /// Reads a text that stands for a secret and was itself kept like one.
    /// - Parameter text: The characters that `encodeSecretly` writes.
    /// - Returns: The secret, or nil if it is not the one proper text for it.
    public static func decodeSecret(_ text: SecretBytes) -> SecretBytes? {
        unsafe text.withUnsafeBytes { unsafe decodeSecret(characters: $0.bindMemory(to: UInt8.self)) }
    }

    private static func decodeSecret(characters: UnsafeBufferPointer<UInt8>) -> SecretBytes? {
        guard let count = byteCount(characters.count) else { return nil }
        var isProper = false
        let secret = unsafe SecretBytes(capacity: count) { buffer in
            isProper = unsafe decode(characters, into: buffer)
            return count
        }
        return isProper ? secret : nil
    }

    /// Reads characters into a buffer that they must fill exactly.
    /// - Returns: False if they do not, or are not proper.
    static func decode(
        _ characters: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard byteCount(characters.count) == output.count else { return false }
        let values = values  // Looked up once, not for each character.
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var position = 0
        for index in 0..<characters.count {
            let value = unsafe values[Int(characters[index])]
            guard value != 0xff else { return false }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                unsafe output[position] = UInt8(truncatingIfNeeded: bits >> bitCount)
                position += 1
            }
        }
        // What is left over must be zero, or two texts would stand for the same bytes.
        return bits & ((1 << bitCount) - 1) == 0
    }

    /// How many bytes a text of some length stands for; nil if there is no such text.
    private static func byteCount(_ length: Int) -> Int? {
        length % 4 == 1 ? nil : length * 3 / 4
    }

    /// How many characters stand for so many bytes.
    private static func length(_ count: Int) -> Int { (count * 4 + 2) / 3 }

    private static func encode(raw bytes: UnsafeRawBufferPointer) -> String {
        let length = length(bytes.count)
        return unsafe String(unsafeUninitializedCapacity: length) { output in
            let whole = UnsafeMutableRawBufferPointer(output)
            unsafe encode(bytes, into: UnsafeMutableRawBufferPointer(rebasing: whole[..<length]))
            return length
        }
    }

    /// Writes the characters into a buffer that they fill exactly.
    private static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var position = 0
        for index in 0..<bytes.count {
            bits = unsafe bits << 8 | UInt32(bytes[index])
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                unsafe output[position] = alphabet[Int(bits >> bitCount & 63)]
                position += 1
            }
        }
        if bitCount > 0 { unsafe output[position] = alphabet[Int(bits << (6 - bitCount) & 63)] }
    }
}
