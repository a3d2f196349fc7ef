import Foundation
import Glibc
import HostSystem
import Testing

@Suite("HostFile")
struct HostFileTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test("reads back exactly what was written, with mode 0600 and nothing left beside it")
    func roundTrip() throws {
        let path = scratch.file("state")
        try HostFile.writeAtomically([1, 0, 255], to: path)
        #expect(try HostFile.read(path, limit: 3) == [1, 0, 255])
        let facts = try HostFile.facts(of: path)
        #expect(facts.mode == 0o600)
        #expect(facts.isRegular)
        #expect(facts.size == 3)
        #expect(facts.ownerID == geteuid())
        #expect(!facts.isReadableByOthers)
        #expect(try scratch.names() == ["state"])
    }

    @Test("replaces content, permissions and a symbolic link instead of writing through it")
    func replacement() throws {
        let target = scratch.file("target")
        let link = scratch.file("link")
        try HostFile.writeAtomically("old".utf8, to: target)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        try HostFile.writeAtomically("new".utf8, to: link, mode: 0o644)
        #expect(try HostFile.read(target, limit: 10) == Array("old".utf8))
        #expect(try HostFile.read(link, limit: 10) == Array("new".utf8))
        #expect(try HostFile.facts(of: link, followLinks: false).kind == .regular)
        #expect(try HostFile.facts(of: link).isReadableByOthers)
    }

    @Test("a failed write leaves the old content and no temporary file")
    func failedWrite() throws {
        let directory = scratch.file("name")
        try HostFile.makeDirectory(directory + "/child", intermediates: true)
        let error = #expect(throws: HostError.self) { try HostFile.writeAtomically([1], to: directory) }
        #expect(error?.call == "rename")
        #expect(try scratch.names() == ["name"])
    }

    @Test("accepts up to the limit and not one byte more", arguments: [0, 1, 4095, 4096, 10000])
    func limit(size: Int) throws {
        let path = scratch.file("file")
        try HostFile.writeAtomically([UInt8](repeating: 7, count: size), to: path)
        #expect(try HostFile.read(path, limit: size).count == size)
        #expect(try HostFile.readSecret(path, limit: size).secret.count == size)
        guard size > 0 else { return }
        let plain = #expect(throws: HostError.self) { try HostFile.read(path, limit: size - 1) }
        #expect(plain?.reason == .tooLarge(limit: size - 1))
        let secret = #expect(throws: HostError.self) { try HostFile.readSecret(path, limit: size - 1) }
        #expect(secret?.reason == .tooLarge(limit: size - 1))
    }

    @Test("reads files whose size the kernel gives as zero, and keeps to the limit there too")
    func kernelFiles() throws {
        #expect(try HostFile.read("/proc/self/status", limit: 100_000).count > 100)
        #expect(throws: HostError.self) { try HostFile.read("/proc/self/status", limit: 100) }
    }

    @Test("refuses what is not a file, without hanging on a pipe that nobody writes to")
    func otherKinds() throws {
        let pipe = scratch.file("pipe")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        for path in [pipe, scratch.path, "/dev/zero"] {
            let error = #expect(throws: HostError.self) { try HostFile.read(path, limit: 10) }
            #expect(error?.reason == .notRegularFile)
        }
    }

    @Test("says which file and why")
    func errors() throws {
        let path = scratch.file("missing")
        let error = try #require(throws: HostError.self) { try HostFile.read(path, limit: 10) }
        #expect(error.isNotFound)
        #expect(error.description == "open \(path): No such file or directory")
        #expect(throws: HostError.self) { try HostFile.read("/etc/passwd\0.txt", limit: 100_000) }
        #expect(try !HostFile.exists(path))
        #expect(try !HostFile.exists("/etc/passwd/below"))
        #expect(try HostFile.exists(scratch.path))
    }

    @Test("keeps a secret file's bytes and tells its owner and mode")
    func secrets() throws {
        let path = scratch.file("secret")
        try HostFile.writeAtomically(SecretBytes("hunter2\n".utf8), to: path, mode: 0o640)
        let (secret, facts) = try HostFile.readSecret(path, limit: 64)
        #expect(secret == SecretBytes("hunter2\n".utf8))
        #expect(facts.isReadableByOthers)
        #expect(!facts.isWritableByOthers)
    }

    @Test("makes directories with the wanted mode and removes files")
    func directories() throws {
        let deep = scratch.file("a/b/c")
        #expect(throws: HostError.self) { try HostFile.makeDirectory(deep) }
        try HostFile.makeDirectory(deep, mode: 0o750, intermediates: true)
        try HostFile.makeDirectory(deep, intermediates: true)
        #expect(try HostFile.facts(of: deep).mode == 0o750)
        #expect(try HostFile.facts(of: deep).kind == .directory)
        #expect(throws: HostError.self) { try HostFile.makeDirectory(deep) }
        try HostFile.writeAtomically([], to: deep + "/file")
        try HostFile.remove(deep + "/file")
        try HostFile.remove(deep + "/file")
        #expect(try !HostFile.exists(deep + "/file"))
    }
}
