import Glibc
import HostSystem
import Testing

@Suite("ServiceNotifier")
struct ServiceNotifierTests {
    @Test("delivers what it is told to a path and to an abstract name")
    func delivery() throws {
        let scratch = try ScratchDirectory()
        let abstract = "@host-test-\(scratch.path.split(separator: "/").last ?? "")"
        for name in [scratch.file("notify"), abstract] {
            let receiver = OwnedDescriptor(adopting: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
            #expect(bindUnix(receiver.descriptor, name) == 0)
            let notifier = try #require(ServiceNotifier(socket: name))
            try notifier.send("READY=1\nSTATUS=fine")
            var buffer = [UInt8](repeating: 0, count: 100)
            let count = unsafe recv(receiver.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            #expect(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) == "READY=1\nSTATUS=fine")
        }
    }

    @Test("is absent where nobody waits, and says so when nobody receives")
    func absence() throws {
        #expect(ServiceNotifier(socket: nil) == nil)
        #expect(ServiceNotifier(socket: "") == nil)
        #expect(ServiceNotifier(socket: "vsock:2:1234") == nil)
        let scratch = try ScratchDirectory()
        let notifier = try #require(ServiceNotifier(socket: scratch.file("none")))
        let error = #expect(throws: HostError.self) { try notifier.send("READY=1") }
        #expect(error?.isNotFound == true)
    }

    private func bindUnix(_ descriptor: Int32, _ name: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = 2 + bytes.count
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(length))
            }
        }
    }
}
