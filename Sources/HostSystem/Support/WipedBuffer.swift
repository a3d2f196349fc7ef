internal import CHostShim

/// Memory of a fixed size for a secret on its way; wiped when it goes away.
@safe
struct WipedBuffer: ~Copyable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Memory filled with zeros.
    /// - Parameter count: How many bytes.
    init(count: Int) {
        unsafe storage = .allocate(byteCount: count, alignment: 1)
        unsafe storage.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe SecretBytes.wipeAndDeallocate(storage)
    }

    var count: Int { unsafe storage.count }

    /// The bytes from `start` on, for a system call that fills or reads them.
    func rest(from start: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: storage[start...])
    }

    /// Makes a secret of the memory, without a copy.
    /// - Returns: All the bytes.
    consuming func secret() -> SecretBytes {
        let secret = unsafe SecretBytes(adopting: storage)
        discard self
        return secret
    }
}
