internal import CHostShim

/// Bytes that must not outlive their use: a password, a token, a key.
///
/// The bytes are wiped when the last reference goes away. They are never part of a description, and comparing two
/// values takes the same time wherever they differ. The content cannot change after `init`.
@safe
public final class SecretBytes: Sendable {
    // Sound as `nonisolated(unsafe)`: written only in `init`, before any other reference exists, and in `deinit`, when
    // none exists any more; every other access reads.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    /// Copies the given bytes.
    ///
    /// The caller's own copy stays the caller's to wipe.
    ///
    /// - Parameter bytes: Any bytes, NUL included.
    public init(_ bytes: some Collection<UInt8>) {
        unsafe storage = .allocate(byteCount: bytes.count, alignment: 1)
        unsafe storage.copyBytes(from: bytes)
    }

    /// Lets `fill` write up to `capacity` bytes in place, so that a secret read from a descriptor has no second copy.
    /// - Parameters:
    ///   - capacity: The most bytes that `fill` may write.
    ///   - fill: Writes into the buffer and returns how many bytes are meant.
    /// - Throws: What `fill` throws.
    @unsafe
    public init<Failure: Error>(
        capacity: Int,
        fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
        do {
            let count = try unsafe fill(buffer)
            unsafe storage = .allocate(byteCount: count, alignment: 1)
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            unsafe SecretBytes.wipeAndDeallocate(buffer)
        } catch {
            unsafe SecretBytes.wipeAndDeallocate(buffer)
            throw error
        }
    }

    /// Lets `body` append up to `capacity` bytes, without unsafe code in the caller and without a second copy.
    /// - Parameters:
    ///   - capacity: The most bytes that `body` may append.
    ///   - body: Appends the bytes.
    /// - Throws: What `body` throws.
    public convenience init<Failure: Error>(
        capacity: Int,
        appending body: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        try unsafe self.init(capacity: capacity) { (buffer) throws(Failure) in
            var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            try body(&output)
            return unsafe output.finalize(for: buffer)
        }
    }

    /// Takes over memory that nobody else refers to.
    init(adopting storage: UnsafeMutableRawBufferPointer) {
        unsafe self.storage = storage
    }

    deinit {
        unsafe SecretBytes.wipeAndDeallocate(storage)
    }

    /// How many bytes there are.
    public var count: Int {
        unsafe storage.count
    }

    /// Whether there are no bytes at all.
    public var isEmpty: Bool {
        count == 0
    }

    /// Whether the byte `byte` occurs.
    /// - Parameter byte: The byte to look for.
    /// - Returns: True if it occurs at least once.
    public func contains(_ byte: UInt8) -> Bool {
        unsafe storage.contains(byte)
    }

    /// One byte.
    /// - Parameter position: Which one, from 0.
    public subscript(position: Int) -> UInt8 {
        unsafe storage[position]
    }

    /// Lends the bytes for the length of `body`; the pointer is dead afterwards.
    /// - Parameter body: Reads the bytes.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    @unsafe
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(storage))
    }

    /// Lends the bytes as a span, without unsafe code in the caller.
    /// - Parameter body: Reads the bytes.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(storage.bytes)
    }

    static func wipeAndDeallocate(_ buffer: UnsafeMutableRawBufferPointer) {
        if let base = buffer.baseAddress, unsafe !buffer.isEmpty {
            unsafe chost_wipe(base, buffer.count)
        }
        unsafe buffer.deallocate()
    }
}

extension SecretBytes: Equatable {
    /// Compares in a time that depends on the lengths only.
    /// - Parameters:
    ///   - lhs: One secret.
    ///   - rhs: The other.
    /// - Returns: True if both hold the same bytes.
    public static func == (lhs: SecretBytes, rhs: SecretBytes) -> Bool {
        guard lhs.count == rhs.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<lhs.count {
            difference |= unsafe lhs.storage[index] ^ rhs.storage[index]
        }
        return difference == 0
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed text that tells nothing about the content, not even its length.
    public var description: String { "<secret>" }

    /// The same fixed text as `description`.
    public var debugDescription: String { "<secret>" }

    /// An empty mirror, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
