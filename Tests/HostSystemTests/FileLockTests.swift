import Glibc
import HostSystem
import Testing

@Suite("FileLock")
struct FileLockTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test("is held by one at a time, names its holder, and is free again afterwards")
    func exclusion() throws {
        let path = scratch.file("lock")
        #expect(FileLock.holder(of: path) == nil)
        let first = try #require(try FileLock.tryAcquire(path))
        #expect(try FileLock.tryAcquire(path) == nil)
        #expect(FileLock.holder(of: path) == getpid())
        first.release()
        #expect(FileLock.holder(of: path) == nil)
        let second = try FileLock.tryAcquire(path)
        #expect(second != nil)
        #expect(try FileLock.tryAcquire(path) == nil)
        _ = consume second
        #expect(try FileLock.tryAcquire(path) != nil)
    }

    @Test("does not follow a symbolic link that somebody else may have put there")
    func symbolicLink() throws {
        let path = scratch.file("link")
        #expect(unsafe symlink("/etc/passwd", path) == 0)
        let error = #expect(throws: HostError.self) { try FileLock.tryAcquire(path) }
        #expect(error?.code == ELOOP)
    }
}
