import Glibc
import HostSystem
import Testing

@Suite("ProcessHardening")
struct ProcessHardeningTests {
    @Test("keeps memory and files private and survives broken pipes")
    func hardening() async {
        // In a process of its own, since all of it concerns the whole process.
        await #expect(processExitsWith: .success) {
            try ProcessHardening.closeMemory()
            ProcessHardening.keepFilesPrivate()
            ProcessHardening.ignoreBrokenPipes()
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(4), &limit)  // RLIMIT_CORE
            #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
            #expect(umask(0) == 0o077)
            var ends: [Int32] = [-1, -1]
            #expect(unsafe pipe(&ends) == 0)
            close(ends[0])
            #expect(unsafe write(ends[1], "x", 1) == -1)
        }
    }

    @Test("says who holds the other end of a socket")
    func peer() throws {
        let (mine, child) = try FramedSocket.pair()
        let peer = try PeerCredentials(of: child.descriptor)
        #expect(peer.processID == getpid() && peer.userID == geteuid() && peer.groupID == getegid())
        #expect(throws: HostError.self) { try PeerCredentials(of: -1) }
        mine.close()
    }

    @Test("knows the host and the program")
    func environment() throws {
        #expect(!HostEnvironment.hostName.isEmpty)
        let path = try #require(HostEnvironment.executablePath)
        #expect(try HostFile.exists(path))
        #expect(HostEnvironment.processID == getpid())
        #expect(HostEnvironment.realUserID == getuid())
    }
}
